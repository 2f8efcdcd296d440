using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

/// <summary>A place that is walked to.</summary>
/// <param name="CrossesArm">The arm whose carriageway is crossed from here to the next place; -1 for none.</param>
/// <param name="StandsSeconds">How long one stands here before going on.</param>
internal readonly record struct WalkPoint(GroundPoint Place, int CrossesArm = -1, double StandsSeconds = 0);

/// <summary>
/// Ways on foot: along the pavement of one arm to its corner, over crossings from corner to corner, and out along another pavement. The
/// pavement on side +1 of arm k and the one on side -1 of arm k + 1 meet in corner k; the crossing of arm k joins corners k - 1 and k.
/// </summary>
internal static class WalkRoute
{
    /// <summary>Distance from the middle at which pavements begin and end.</summary>
    public const double FarEnd = 92;

    /// <summary>Distance from the middle of the bus stops, on the side of the leaving lanes.</summary>
    public const double BusStop = 33;

    private const double CornerAt = 14.2;

    public static WalkPoint[] Draw(Pcg32 random, ParkedVehicles parked)
    {
        var (arm, side) = Pavement(random);
        var (toArm, toSide) = Pavement(random);
        while (toArm == arm && toSide == side) (toArm, toSide) = Pavement(random);
        var points = new List<WalkPoint>();
        // Who comes out of a house starts at its wall, the others at the pavement's far end; each keeps to a line of the pavement.
        if (random.Uniform() < 0.3) points.Add(On(arm, side, 11, random.Between(30, 70)));
        var (lineIn, lineOut) = (random.Between(7.9, 9.9), random.Between(7.9, 9.9));
        if (points.Count > 0) points.Add(On(arm, side, lineIn, JunctionLayout.ToArm(arm, points[0].Place.X, points[0].Place.Y).Y - 2));
        else points.Add(On(arm, side, lineIn, FarEnd));
        if (side < 0 && random.Uniform() < 0.25)
            points.Add(On(arm, side, random.Between(7.9, 8.7), BusStop + random.Between(-3, 3)) with { StandsSeconds = random.Between(40, 200) });
        AddAround(points, parked.OnPavement(arm, side).OrderByDescending(p => p.High), arm, side, lineIn, true);
        points.Add(On(arm, side, lineIn, CornerAt));
        AddCrossings(points, CornerOf(arm, side), CornerOf(toArm, toSide), random);
        points.Add(On(toArm, toSide, lineOut, CornerAt));
        var around = parked.OnPavement(toArm, toSide).OrderBy(p => p.Low);
        if (random.Uniform() < 0.25)
        {
            var door = random.Between(30, 70);
            AddAround(points, around.Where(p => p.Low < door - 3), toArm, toSide, lineOut, false);
            points.Add(On(toArm, toSide, lineOut, door - 2));
            points.Add(On(toArm, toSide, 11, door));
        }
        else
        {
            AddAround(points, around, toArm, toSide, lineOut, false);
            points.Add(On(toArm, toSide, lineOut, FarEnd));
        }

        return [.. points];
    }

    /// <summary>The way around what is parked on a pavement, as far as it lies ahead of the last point.</summary>
    private static void AddAround(
        List<WalkPoint> points, IEnumerable<(double Low, double High, double Outer)> parked, int arm, int side, double line, bool isInwards)
    {
        var from = JunctionLayout.ToArm(arm, points[^1].Place.X, points[^1].Place.Y).Y;
        foreach (var (low, high, outer) in parked)
        {
            if (outer + 0.75 < line || (isInwards ? low > from : high < from)) continue;
            var (first, last) = isInwards ? (high + 1, low - 1) : (low - 1, high + 1);
            points.Add(On(arm, side, outer + 0.75, first));
            points.Add(On(arm, side, outer + 0.75, last));
        }
    }

    private static void AddCrossings(List<WalkPoint> points, int corner, int goal, Pcg32 random)
    {
        var ahead = (goal - corner) & 3;
        var step = ahead == 2 ? (random.Uniform() < 0.5 ? 1 : -1) : ahead == 3 ? -1 : 1;
        while (corner != goal)
        {
            var arm = step > 0 ? (corner + 1) & 3 : corner;
            // Onwards the crossing of the next arm is met on its -1 side, backwards that of the own arm on its +1 side.
            var (from, b) = (step > 0 ? -1 : 1, random.Between(JunctionLayout.CrosswalkNear + 0.4, JunctionLayout.CrosswalkFar - 0.4));
            var kerb = KerbAt(b);
            points.Add(On(arm, from, kerb + random.Between(1.5, 3.2), b) with { CrossesArm = arm });
            // Far enough that the last of a group has left the carriageway when its first arrives.
            points.Add(On(arm, -from, kerb + 1.6, b));
            corner = (corner + step) & 3;
        }
    }

    /// <summary>Sideways distance of the kerb from the middle of an arm, where the corner rounds it off.</summary>
    public static double KerbAt(double b)
    {
        var middle = JunctionLayout.HalfWidth + JunctionLayout.KerbRadius;
        var down = Math.Clamp(middle - b, 0, JunctionLayout.KerbRadius);
        return middle - Math.Sqrt((JunctionLayout.KerbRadius * JunctionLayout.KerbRadius) - (down * down));
    }

    private static int CornerOf(int arm, int side) => side > 0 ? arm : (arm + 3) & 3;

    private static (int Arm, int Side) Pavement(Pcg32 random)
    {
        var one = (int)(random.Uniform() * 8);
        return (one >> 1, (one & 1) == 0 ? -1 : 1);
    }

    private static WalkPoint On(int arm, int side, double line, double b) => new(JunctionLayout.ToGround(arm, side * line, b));
}
