"""What volunteers do in an activity, and where they sign in and out: posts and sign points."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.activity.places import Coordinates, check_coordinates
from ledger.domain.codes import SignKind
from ledger.domain.refusal import Refusal
from ledger.domain.words import NAME_MAX, check_text

POSTS_MAX = 50
SIGN_POINTS_MAX = 50
PLANNED_MAX = 1_000_000
DESCRIPTION_MAX = 500
ADDRESS_MAX = 200
RADIUS_MAX_M = 9_999
"""Four digits in the national system [N]; the other bounds are our own [P]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post 岗位: how many are wanted for it, and what is asked of them."""

    name: str
    planned: int
    description: str | None
    condition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPoint:
    """One place to sign in or out 签到/退点.

    ``radius_m`` is how far from it one may be, in metres; 0 is anywhere. Without coordinates
    the address is its middle.
    """

    address: str
    kind: SignKind
    radius_m: int
    coordinates: Coordinates | None


def check_posts(posts: tuple[Post, ...]) -> Iterator[Refusal]:
    """Yield why posts are refused: each by its place in the list; a name stands once."""
    if len(posts) > POSTS_MAX:
        yield Refusal("posts_are_too_many", "posts", {"max": POSTS_MAX})
    if len({each.name for each in posts}) < len(posts):
        yield Refusal("post_repeats", "posts")
    for index, post in enumerate(posts[:POSTS_MAX]):
        about = f"posts.{index}"
        yield from check_text(post.name, f"{about}.name", max=NAME_MAX)
        if not 1 <= post.planned <= PLANNED_MAX:
            yield Refusal("planned_is_out_of_bounds", f"{about}.planned", {"max": PLANNED_MAX})
        for name in ("description", "condition"):
            text: str | None = getattr(post, name)
            if text is not None:
                yield from check_text(text, f"{about}.{name}", max=DESCRIPTION_MAX, lines=True)


def check_sign_points(points: tuple[SignPoint, ...]) -> Iterator[Refusal]:
    """Yield why sign points are refused, each by its place in the list."""
    if len(points) > SIGN_POINTS_MAX:
        yield Refusal("sign_points_are_too_many", "sign_points", {"max": SIGN_POINTS_MAX})
    if len(set(points)) < len(points):
        yield Refusal("sign_point_repeats", "sign_points")
    for index, point in enumerate(points[:SIGN_POINTS_MAX]):
        about = f"sign_points.{index}"
        yield from check_text(point.address, f"{about}.address", max=ADDRESS_MAX)
        if not 0 <= point.radius_m <= RADIUS_MAX_M:
            yield Refusal("radius_is_out_of_bounds", f"{about}.radius_m", {"max": RADIUS_MAX_M})
        yield from check_coordinates(point.coordinates, f"{about}.coordinates")
