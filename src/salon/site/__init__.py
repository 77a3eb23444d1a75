"""The site as a whole: what administrators announce, what they set while it runs, and what it keeps."""

from salon.core.feature import Feature
from salon.site import sharing
from salon.site.desk import SiteDesk
from salon.site.http import router
from salon.site.reading import forget_reader

FEATURE = Feature(
    name="site",
    router=router(),
    mounted=(sharing.PATH, sharing.share),
    services=(SiteDesk,),
    forgets_identity=forget_reader,
)
