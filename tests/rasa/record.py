"""Records how a real Rasa server answers. Needs only httpx; Rasa 3.6.21 runs beside it, with the project of this folder:

rasa train && rasa run --enable-api -p 5256 --endpoints endpoints.yml & rasa run actions
python record.py http://127.0.0.1:5256 > golden/http.json
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import httpx
from asking import REQUESTS


def answer(client: httpx.Client, method: str, path: str, body: object) -> dict[str, object]:
    given = client.request(method, path, json=body) if body is not None else client.request(method, path)
    kind = given.headers.get("content-type", "")
    said = given.json() if kind.startswith("application/json") else given.text
    return {"asked": [method, path, body], "status": given.status_code, "said": said}


def main() -> None:
    with httpx.Client(base_url=sys.argv[1], timeout=60) as client:
        lines = [json.dumps(answer(client, *asked), ensure_ascii=False) for asked in REQUESTS]
        version = client.get("/version").json()["version"]
    head = json.dumps({"rasa": version, "recorded": f"{datetime.now(UTC):%Y-%m-%d}"})[:-1]
    sys.stdout.write(head + ', "answers": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
