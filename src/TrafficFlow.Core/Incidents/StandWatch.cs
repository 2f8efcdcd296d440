using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>
/// Stopped vehicles and blocked lanes. Whoever stands behind another one that stands, or at the stop line, waits and is none; neither is who has not driven
/// while it was watched, nor who stands no longer than others usually do in that place. Pure.
/// </summary>
internal sealed class StandWatch(JunctionGround ground, LaneField lanes, IncidentBook book, IncidentSettings settings)
{
    // Middle to middle across: less than two vehicles side by side need.
    private const double SameLaneMetres = 1.7;

    // Farther aside it is on another road, or comes the other way.
    private const double BesideMetres = 7;

    private readonly StandHabits _habits = new(settings);
    private readonly List<Stand> _orphans = [];

    public void Pass() => _habits.Pass();

    /// <summary>One step of a second.</summary>
    public void Watch(DateTimeOffset now, IReadOnlyCollection<VehicleTrail> trails, Func<SceneVehicle, bool> isWatched, ICollection<Incident> told)
    {
        foreach (var trail in trails) Follow(trail, now, told);
        foreach (var trail in trails)
        {
            if (trail.Stand is { } stand && !trail.Now.IsRider) Consider(stand, trail, now, trails, isWatched, told);
        }

        EndOrphans(now, isWatched, told);
    }

    /// <summary>The vehicle is not followed any more: another track of it may be.</summary>
    public void Lose(VehicleTrail trail)
    {
        if (trail.Stand is { HasDriven: true } stand) _orphans.Add(stand);
        trail.Stand = null;
    }

    /// <summary>Nobody watches any more.</summary>
    public void Interrupt() => _orphans.Clear();

    private void Follow(VehicleTrail trail, DateTimeOffset now, ICollection<Incident> told)
    {
        if (!trail.IsFresh) return;
        var vehicle = trail.Now;
        if (trail.Stand is { } stand && (vehicle.SpeedKmh > settings.DrivesAboveKmh || vehicle.Place.DistanceTo(stand.Place) > settings.SamePlaceMetres))
        {
            trail.Stand = null;
            if (SpotOf(stand, trail) is { } spot) _habits.Add(now, stand.Place, spot.Area, (now - stand.FreeSince).TotalSeconds);
            if (stand.Incident is { } number && book.End(number, now, IncidentState.Cleared) is { } ended) told.Add(ended);
        }

        if (vehicle.SpeedKmh < settings.StandsBelowKmh) trail.Stand ??= Adopted(vehicle) ?? new Stand(vehicle, now);
        if (trail.Stand is not { } standing) return;
        standing.HasDriven |= trail.Way >= settings.LeastWayMetres
            || lanes.IsDrivenOnSince(standing.Since.AddSeconds(-settings.DrivenOverSeconds), standing.Since, standing.Place, vehicle.FacingX, vehicle.FacingY);
        (standing.Vehicle, standing.SeenAt) = (vehicle, vehicle.SeenAt);
    }

    /// <summary>A track broke and begins anew with another number where one stood.</summary>
    private Stand? Adopted(in SceneVehicle vehicle)
    {
        var place = vehicle.Place;
        var known = _orphans.Where(o => o.Place.DistanceTo(place) <= settings.SamePlaceMetres).MinBy(o => o.Place.DistanceTo(place));
        if (known is not null) _orphans.Remove(known);
        return known;
    }

    private void Consider(
        Stand stand, VehicleTrail trail, DateTimeOffset now, IReadOnlyCollection<VehicleTrail> trails, Func<SceneVehicle, bool> isWatched, ICollection<Incident> told)
    {
        if (isWatched(stand.Vehicle)) stand.UnwatchedSince = null;
        else stand.UnwatchedSince ??= now;
        if (EndIfUnwatched(stand, now, told) || !trail.IsFresh) return;
        var found = SpotOf(stand, trail);
        Look(stand, trail, now, trails);
        if (!stand.HasDriven || found is not { } spot) return;
        var free = (now - stand.FreeSince).TotalSeconds;
        var isBlocking = spot.Area != IncidentArea.Inside && stand.Passed.Count >= settings.FewestPassing;
        var kind = isBlocking ? IncidentKind.BlockedLane : IncidentKind.StoppedVehicle;
        // Two tracks of one vehicle that has been taken for two.
        stand.Incident ??= Adopted(stand.Vehicle)?.Incident;
        if (stand.Incident is { } number)
        {
            // What it was it stays: they went past it once.
            var was = book.Find(number)?.Kind ?? kind;
            if (book.Update(number, now, was == IncidentKind.BlockedLane ? was : kind, Confidence(stand, spot, now), stand.Passed.Count) is { } update) told.Add(update);
        }
        else if (free >= Needed(stand, spot, isBlocking, now) && SeesAhead(stand) && book.Begin(kind, spot, stand.Since, now, Confidence(stand, spot, now)) is { } begun)
        {
            stand.Incident = begun.Number;
            told.Add(book.With(begun, stand.Passed.Count));
        }
    }

    private Spot? SpotOf(Stand stand, VehicleTrail trail) => stand.Spot ??= ground.Of(stand.Place, stand.Vehicle.FacingX, stand.Vehicle.FacingY, trail.CameFrom);

    /// <summary>How long the road ahead must have been free.</summary>
    private double Needed(Stand stand, in Spot spot, bool isBlocking, DateTimeOffset now)
    {
        var usual = _habits.Usual(now, stand.Place, spot.Area, settings.HabitStands);
        if (spot.Area == IncidentArea.Inside) return Math.Max(_habits.KnowsInside ? settings.FreeRoadSeconds : settings.UnknownTurnSeconds, usual);
        var isAtStopLine = spot.Area == IncidentArea.Approach && spot.MetresFromGate - (stand.Vehicle.LengthMetres / 2) < settings.GapMetres;
        // How long a red can last, only those who have waited there tell.
        if (isAtStopLine) return _habits.Usual(now, stand.Place, spot.Area, settings.RedStands) is > 0 and var red ? Math.Max(settings.LongestRedSeconds, red) : double.PositiveInfinity;
        return Math.Max(isBlocking ? settings.PassedSeconds : settings.FreeRoadSeconds, usual);
    }

    /// <summary>Who stands ahead would be seen: else the head of the queue may be one that no camera shows.</summary>
    private bool SeesAhead(Stand stand)
    {
        // Who turns has its way beside what lies ahead; the cameras see the junction.
        if (stand.Spot?.Area == IncidentArea.Inside) return true;
        var to = (stand.Vehicle.LengthMetres / 2) + settings.GapMetres;
        return IsRoad(Ahead(stand, to / 2)) && IsRoad(Ahead(stand, to));

        bool IsRoad(GroundPoint place) => lanes.IsDrivenOn(place) || ground.IsInside(place);
    }

    private static GroundPoint Ahead(Stand stand, double metres) =>
        new(stand.Place.X + (stand.Vehicle.FacingX * metres), stand.Place.Y + (stand.Vehicle.FacingY * metres));

    /// <summary>Who is before it, and who goes past it.</summary>
    private void Look(Stand stand, VehicleTrail self, DateTimeOffset now, IReadOnlyCollection<VehicleTrail> trails)
    {
        var v = stand.Vehicle;
        foreach (var trail in trails)
        {
            if (trail == self) continue;
            var other = trail.Now;
            var (dx, dy) = (other.Place.X - stand.Place.X, other.Place.Y - stand.Place.Y);
            var (along, across) = ((dx * v.FacingX) + (dy * v.FacingY), (dx * v.FacingY) - (dy * v.FacingX));
            var lengths = (v.LengthMetres + other.LengthMetres) / 2;
            if (along > 0.5 && along - lengths < settings.GapMetres && other.SpeedKmh < settings.DrivesAboveKmh && IsInItsWay(stand, trail, along, Math.Abs(across)))
            {
                stand.FreeSince = now;
                continue;
            }

            if (!trail.IsFresh || other.IsRider || Math.Abs(across) > BesideMetres || stand.Passed.Contains(other.Number)) continue;
            var isSameWay = (other.FacingX * v.FacingX) + (other.FacingY * v.FacingY) > 0.7;
            if (!isSameWay) continue;
            if (along < -1) stand.Behind.Add(other.Number);
            else if (along > lengths && Math.Abs(across) >= SameLaneMetres && other.SpeedKmh > settings.DrivesAboveKmh && stand.Behind.Remove(other.Number)) stand.Passed.Add(other.Number);
        }
    }

    /// <summary>In its lane; and where it may be turning, anywhere before it but on the approaches of others.</summary>
    private bool IsInItsWay(Stand stand, VehicleTrail other, double along, double across) =>
        across < SameLaneMetres
        || (stand.Spot?.Area == IncidentArea.Inside && across < 1.7 * along && ground.Of(other.Now.Place, other.Now.FacingX, other.Now.FacingY, null) is { Area: not IncidentArea.Approach });

    /// <summary>
    /// Odds from what speaks for it: time on a free road, others that go past; against it where it is of a class that stops to work.
    /// </summary>
    private double Confidence(Stand stand, in Spot spot, DateTimeOffset now)
    {
        var free = (now - stand.FreeSince).TotalSeconds;
        var odds = -0.6 + Math.Min(2, free / 40) + Math.Min(1.5, 0.5 * stand.Passed.Count) + (spot.Area == IncidentArea.Inside ? 0.8 : 0);
        // Deliveries and bus stops: a hint all the same.
        if (stand.Vehicle.Class is VehicleClass.LightGoods or VehicleClass.HeavyGoods or VehicleClass.Bus) odds -= 1;
        return 1 / (1 + Math.Exp(-odds));
    }

    private bool EndIfUnwatched(Stand stand, DateTimeOffset now, ICollection<Incident> told)
    {
        if (stand.UnwatchedSince is not { } since || (now - since).TotalSeconds < settings.WatchesSeconds) return false;
        // What happens meanwhile is not known: it begins anew when somebody watches.
        stand.FreeSince = now;
        if (stand.Incident is { } number && book.End(number, now, IncidentState.NotWatched, since) is { } ended) told.Add(ended);
        stand.Incident = null;
        return true;
    }

    private void EndOrphans(DateTimeOffset now, Func<SceneVehicle, bool> isWatched, ICollection<Incident> told)
    {
        for (var i = _orphans.Count - 1; i >= 0; i--)
        {
            var stand = _orphans[i];
            if (!isWatched(stand.Vehicle)) stand.UnwatchedSince ??= now;
            var isUnwatched = EndIfUnwatched(stand, now, told);
            if (!isUnwatched && (now - stand.SeenAt).TotalSeconds < settings.UnseenSeconds) continue;
            if (stand.Incident is { } number && book.End(number, now, IncidentState.NoLongerSeen, stand.SeenAt) is { } ended) told.Add(ended);
            _orphans.RemoveAt(i);
        }
    }
}
