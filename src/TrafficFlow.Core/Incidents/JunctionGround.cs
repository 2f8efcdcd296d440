using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>Where a vehicle is, as somebody would say it who has to go there.</summary>
internal readonly record struct Spot(IncidentArea Area, ApproachId? Approach, double? MetresFromGate, double? LateralMetres);

/// <summary>The gates of a site on the ground: carriageways before and beyond them, and what is between. Pure.</summary>
internal sealed class JunctionGround
{
    // Gates are drawn from kerb to kerb, now and then a little less.
    private const double BesideMetres = 1;

    // The carriageway goes on straight for so far; beyond, nobody can tell from a gate.
    private const double StraightMetres = 100;

    // Half of a right angle: what faces another way is on another road.
    private const double LeastCosine = 0.7;

    private readonly List<GateSide> _sides;
    private readonly List<GroundPoint> _hull;

    public JunctionGround(Site site)
    {
        var gates = GroundGates.Of(site);
        _sides = [.. gates.Select(g => new GateSide(g))];
        _hull = Hull(gates.SelectMany(g => new[] { EndOf(g.Line, 0), EndOf(g.Line, g.Line.Length) }));
        Entries = gates.Where(g => g.Role == GateRole.Enters).ToLookup(g => g.Approach, g => g.Camera);
    }

    /// <summary>Cameras that have an entering gate of the approach in view.</summary>
    public ILookup<ApproachId, CameraId> Entries { get; }

    /// <summary>Null on another road, or none.</summary>
    public Spot? Of(GroundPoint place, double facingX, double facingY, ApproachId? cameFrom)
    {
        (GateSide Side, double Metres)? nearest = null;
        foreach (var side in _sides)
        {
            if ((side.ForwardX * facingX) + (side.ForwardY * facingY) < LeastCosine || side.OnCarriageway(place) is not { } metres) continue;
            if (nearest is null || metres < nearest.Value.Metres) nearest = (side, metres);
        }

        if (nearest is var (gate, toGate))
            return new Spot(gate.Area, gate.Approach, toGate, gate.Lateral(place));
        return IsInside(place) ? new Spot(IncidentArea.Inside, cameFrom, null, null) : null;
    }

    /// <summary>The carriageway on which the place is and whose direction this is not: it drives against it there. Null where no gate tells the direction.</summary>
    /// <param name="within">Only so near a gate, metres.</param>
    public Spot? Against(GroundPoint place, double directionX, double directionY, double within)
    {
        foreach (var side in _sides)
        {
            if ((side.ForwardX * directionX) + (side.ForwardY * directionY) > -LeastCosine) continue;
            // Well inside the carriageway: beside it the others come.
            if (side.OnCarriageway(place, -BesideMetres) is { } metres && metres <= within) return new Spot(side.Area, side.Approach, metres, side.Lateral(place));
        }

        return null;
    }

    /// <summary>Approaches whose entering gate lies between two places of one vehicle, passed in its direction.</summary>
    public ApproachId? Entered(GroundPoint from, GroundPoint to)
    {
        foreach (var side in _sides)
        {
            if (side.Area == IncidentArea.Approach && side.IsPassed(from, to)) return side.Approach;
        }

        return null;
    }

    public bool IsInside(GroundPoint place)
    {
        if (_hull.Count < 3) return false;
        for (var i = 0; i < _hull.Count; i++)
        {
            var (a, b) = (_hull[i], _hull[(i + 1) % _hull.Count]);
            if (((b.X - a.X) * (place.Y - a.Y)) - ((b.Y - a.Y) * (place.X - a.X)) < 0) return false;
        }

        return true;
    }

    private static GroundPoint EndOf(in GateLine line, double along)
    {
        // A line tells sides and lengths only: its ends from those.
        var (side, origin) = (line.Side(0, 0), line.Along(0, 0));
        var (alongX, alongY) = (line.Along(1, 0) - origin, line.Along(0, 1) - origin);
        return new GroundPoint(((along - origin) * alongX) + (side * alongY), ((along - origin) * alongY) - (side * alongX));
    }

    /// <summary>Counter-clockwise (Andrew's monotone chain).</summary>
    private static List<GroundPoint> Hull(IEnumerable<GroundPoint> points)
    {
        var sorted = points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y).ToList();
        if (sorted.Count < 3) return [];
        List<GroundPoint> hull = [];
        foreach (var half in new[] { sorted, [.. sorted.AsEnumerable().Reverse()] })
        {
            var from = hull.Count;
            foreach (var point in half)
            {
                while (hull.Count - from >= 2 && Turn(hull[^2], hull[^1], point) <= 0) hull.RemoveAt(hull.Count - 1);
                hull.Add(point);
            }

            hull.RemoveAt(hull.Count - 1);
        }

        return hull;

        static double Turn(GroundPoint a, GroundPoint b, GroundPoint c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
    }

    private sealed class GateSide
    {
        private readonly GateLine _line;

        public GateSide(GroundGate gate)
        {
            (_line, Approach) = (gate.Line, gate.Approach);
            Area = gate.Role == GateRole.Enters ? IncidentArea.Approach : IncidentArea.Exit;
            var side = _line.Side(0, 0);
            (ForwardX, ForwardY) = (_line.Side(1, 0) - side, _line.Side(0, 1) - side);
        }

        public IncidentArea Area { get; }
        public ApproachId Approach { get; }
        public double ForwardX { get; }
        public double ForwardY { get; }

        /// <summary>Metres to the gate; null where the place is not on its carriageway, on its side.</summary>
        public double? OnCarriageway(GroundPoint place, double beside = BesideMetres)
        {
            var along = _line.Along(place.X, place.Y);
            if (along < -beside || along > _line.Length + beside) return null;
            var metres = _line.Side(place.X, place.Y) * (Area == IncidentArea.Approach ? -1 : 1);
            return metres is >= 0 and <= StraightMetres ? metres : null;
        }

        // Along runs to the right of forward where lines are laid from left to right, and they are: forward is the positive side, to the left of along.
        public double Lateral(GroundPoint place) => _line.Along(place.X, place.Y) - (_line.Length / 2);

        public bool IsPassed(GroundPoint from, GroundPoint to)
        {
            var (before, after) = (_line.Side(from.X, from.Y), _line.Side(to.X, to.Y));
            if (before >= 0 || after < 0) return false;
            var share = before / (before - after);
            var along = _line.Along(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
            return along >= -BesideMetres && along <= _line.Length + BesideMetres;
        }
    }
}
