"""Accounts: an identity that is the same on all of somebody's devices, and what administrators do."""

from salon.accounts import audit as audit
from salon.accounts.desk import Desk
from salon.accounts.http import router
from salon.core.feature import Feature

FEATURE = Feature(name="accounts", router=router(), services=(Desk,))
