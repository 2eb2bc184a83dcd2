"""Tokens and one's own account, through the API."""

from tests.itti.conftest import PASSWORD, World


def test_sign_in(world: World) -> None:
    user = world.create_user()
    answer = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    me = world.api(token=answer.json()["token"]).get("/me")
    assert me.status_code == 200, me.text
    assert me.json()["email"] == user.email
    assert world.api().get("/me").status_code == 401
