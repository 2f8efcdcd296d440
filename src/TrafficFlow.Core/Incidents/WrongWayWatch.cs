namespace TrafficFlow.Core.Incidents;

/// <summary>
/// Vehicles that drive against the direction of their lane over a stated way, faster than anybody reverses. The direction is that in which others drive there,
/// and near a gate, where too few have been seen, the gate's. Pure.
/// </summary>
internal sealed class WrongWayWatch(JunctionGround ground, LaneField lanes, IncidentBook book, IncidentSettings settings)
{
    // A gate tells the direction so far from it before anybody has been seen; then the road may bend.
    private const double GateTellsMetres = 40;
    private const double Against = -0.7;
    private const double SwungOutSeconds = 5;

    public void Watch(DateTimeOffset now, VehicleTrail trail, ICollection<Incident> told)
    {
        if (!trail.IsFresh || trail.Now.Speed < 0.5) return;
        var metres = trail.Now.Place.DistanceTo(trail.Before.Place);
        if (metres < 0.5) return;
        var (x, y) = ((trail.Now.Place.X - trail.Before.Place.X) / metres, (trail.Now.Place.Y - trail.Before.Place.Y) / metres);
        var spot = ground.Against(trail.Now.Place, x, y, double.MaxValue);
        var cosine = lanes.Cosine(trail.Now.Place, x, y);
        var isAgainst = cosine is { } known ? known < Against && spot is not null : spot is { MetresFromGate: < GateTellsMetres };
        if (!isAgainst)
        {
            if (cosine > -Against && ground.Of(trail.Now.Place, x, y, null) is { Area: not IncidentArea.Inside }) trail.With = (now, x, y);
            if (trail.WrongWay is { } number && book.End(number, now, IncidentState.Cleared) is { } ended) told.Add(ended);
            (trail.Against, trail.AgainstSeconds, trail.WrongWay) = (0, 0, null);
            return;
        }

        if (trail.Against == 0) trail.AgainstSince = now;
        trail.Against += metres;
        trail.AgainstSeconds = Math.Max(1, (now - trail.AgainstSince).TotalSeconds + 1);
        if (trail.Against < Needed(trail, x, y) || trail.Against / trail.AgainstSeconds * 3.6 < settings.WrongWayKmh) return;
        var confidence = 1 - (0.5 * Math.Exp(-(trail.Against - settings.WrongWayMetres) / settings.WrongWayMetres)) - (cosine is null ? 0.2 : 0);
        if (trail.WrongWay is { } open)
        {
            if (book.Update(open, now, IncidentKind.WrongWay, confidence, 0) is { } update) told.Add(update);
        }
        else if (spot is { } where && book.Begin(IncidentKind.WrongWay, where, trail.AgainstSince, now, confidence) is { } begun)
        {
            trail.WrongWay = begun.Number;
            told.Add(begun);
        }
    }

    /// <summary>One that a moment ago drove the same way in its own lane has swung out to get past something.</summary>
    private double Needed(VehicleTrail trail, double x, double y) =>
        trail.With is var (at, wasX, wasY) && (trail.AgainstSince - at).TotalSeconds < SwungOutSeconds && (wasX * x) + (wasY * y) > -Against
            ? 2 * settings.WrongWayMetres
            : settings.WrongWayMetres;

    /// <summary>The vehicle is not followed any more.</summary>
    public void Lose(VehicleTrail trail, DateTimeOffset now, bool isWatched, ICollection<Incident> told)
    {
        if (trail.WrongWay is { } number && book.End(number, now, isWatched ? IncidentState.NoLongerSeen : IncidentState.NotWatched, trail.Now.SeenAt) is { } ended) told.Add(ended);
        trail.WrongWay = null;
    }
}
