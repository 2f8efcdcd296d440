#!/usr/bin/python3
"""Vehicles of a day by approach, then the next bins as they close: flows.py SERVER SITE DAY BINS [AFTER], the token in TRAFFICFLOW_TOKEN."""
import collections, datetime, json, os, sys, urllib.parse, urllib.request

server, site, day, bins = sys.argv[1], sys.argv[2], datetime.datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])

def ask(path, **headers):
    token = {"Authorization": "Bearer " + os.environ["TRAFFICFLOW_TOKEN"]}
    return urllib.request.urlopen(urllib.request.Request(server + path, headers=token | headers), timeout=60)

query = {"from": day.isoformat(), "to": (day + datetime.timedelta(days=1)).isoformat(), "bin": 60, "movement": "entering"}
counts, page = collections.Counter(), {"next": ""}
while page["next"] is not None:  # a page ends with where the next one begins
    page = json.load(ask(f"/v1/sites/{site}/flows?" + urllib.parse.urlencode(query | ({"cursor": page["next"]} if page["next"] else {}))))
    for row in page["items"]:
        if row["count"] is not None:  # None is missing, 0 is watched and empty
            counts[row["approach"]] += row["count"]
for approach, vehicles in sorted(counts.items()):
    print(approach, vehicles)

topic = next(t["topic"] for t in json.load(ask(f"/v1/sites/{site}/topics"))["items"] if t["is_kept"])
for line in ask(f"/v1/sites/{site}/topics/{topic}", **({"Last-Event-ID": sys.argv[5]} if len(sys.argv) > 5 else {})):
    if line.startswith(b"data: ") and bins > 0:
        bin = json.loads(line[6:])
        print(bin["cursor"], bin["start"], bin["quality"], flush=True)  # the cursor is the place to go on from: Last-Event-ID
        bins -= 1
    if bins <= 0:
        break
