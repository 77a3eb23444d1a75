"""Presence beyond being here: who is away from the screen, and whose connection is poor. Fleeting, never stored."""

from salon.core.feature import Feature
from salon.presence.levels import Levels

FEATURE = Feature(name="presence", services=(Levels,))
