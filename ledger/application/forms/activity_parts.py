"""Forms of an activity's parts: coordinates, posts and sign points."""

from pydantic import Field

from ledger.application.forms.fields import Count, Form, Text
from ledger.domain.activity import Coordinates, Post, SignPoint
from ledger.domain.codes import Datum, SignKind


class CoordinatesForm(Form):
    """A point in whole millionths of a degree 经纬度(百万分之一度)."""

    longitude_microdegrees: Count = Field(
        description="Degrees × 1,000,000, east above zero 经度", examples=[116_407_413]
    )
    latitude_microdegrees: Count = Field(
        description="Degrees × 1,000,000, north above zero 纬度", examples=[39_904_179]
    )
    datum: Datum = Field(description="By which system they are measured 坐标系")

    def coordinates(self) -> Coordinates:
        """Return them as the domain has them."""
        return Coordinates(
            longitude_microdegrees=self.longitude_microdegrees,
            latitude_microdegrees=self.latitude_microdegrees,
            datum=self.datum,
        )


class PostForm(Form):
    """A post 岗位."""

    name: Text = Field(description="岗位名称", examples=["陪护"])
    planned: Count = Field(description="How many are wanted 计划人数", examples=[8])
    description: Text | None = Field(None, description="岗位描述", examples=["陪伴老人。"])
    condition: Text | None = Field(None, description="岗位条件", examples=["年满十八周岁。"])

    def post(self) -> Post:
        """Return it as the domain has it."""
        return Post(
            name=self.name,
            planned=self.planned,
            description=self.description,
            condition=self.condition,
        )


class SignPointForm(Form):
    """A place to sign in or out 签到/退点."""

    address: Text = Field(description="地址", examples=["东华门街道文化站门口"])
    kind: SignKind = Field(description="签到类型")
    radius_m: Count = Field(description="Metres; 0 is anywhere 范围(米)", examples=[200])
    coordinates: CoordinatesForm | None = Field(None, description="经纬度")

    def sign_point(self) -> SignPoint:
        """Return it as the domain has it."""
        return SignPoint(
            address=self.address,
            kind=self.kind,
            radius_m=self.radius_m,
            coordinates=None if self.coordinates is None else self.coordinates.coordinates(),
        )
