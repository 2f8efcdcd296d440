using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.Synthetic.Views;

/// <summary>
/// Lays gates across the carriageways that a camera sees well enough for a count to be judged there: vehicles of a reasonable size, whole
/// in the picture before and beyond the line, not hidden by scenery, not seen so flatly that they hide each other.
/// </summary>
internal sealed class GatePlaces(ViewCamera camera)
{
    // Judged in a picture of this width; sizes are shares of it.
    private const int Width = 640;
    private const double LeastSize = 0.03 * Width;
    private const double LargestSize = 0.42 * Width;
    private const double Before = 4;

    /// <summary>Metres of road that a car of 1.6 m hides behind itself: along the road, and towards the next lane.</summary>
    private const double HidesAlong = 10;
    private const double HidesAcross = 3.6;

    private const double LeastStride = 0.45;
    private const double LeastSeen = 0.85;

    private static readonly double[] s_outwards = [9.2, 13, 15.5, 18.5, 22, 26, 31, 37, 44, 52];

    private readonly int _height = (int)Math.Round(Width / camera.Aspect);

    /// <summary>At most one gate for each arm, or one for each of its carriageways.</summary>
    public IReadOnlyList<StreetGate> Lay(Pcg32 random)
    {
        var gates = new List<StreetGate>();
        for (var arm = 0; arm < 4; arm++)
        {
            var places = s_outwards.Where(b => random.Uniform() < 0.75).ToList();
            var arriving = Pick(arm, Carriageway.Arriving, places, random);
            var leaving = Pick(arm, Carriageway.Leaving, places, random);
            var both = Pick(arm, Carriageway.Both, places, random);
            if (both is not null && (arriving is null || leaving is null || random.Uniform() < 0.3)) gates.Add(both);
            else gates.AddRange(new[] { arriving, leaving }.OfType<StreetGate>());
        }

        return gates;
    }

    private StreetGate? Pick(int arm, Carriageway way, List<double> places, Pcg32 random)
    {
        var good = places.Select(b => Across(arm, way, b)).OfType<StreetGate>().ToList();
        return good.Count == 0 ? null : good[(int)(random.Uniform() * good.Count)];
    }

    /// <summary>The gate at this place, or null where it could not be judged.</summary>
    private StreetGate? Across(int arm, Carriageway way, double b)
    {
        var lanes = Lanes(way).ToList();
        if (IsTooFlat(arm, b) || Line(arm, b) is not { } line) return null;
        if (!lanes.All(lane => IsSeenWell(arm, lane, b, line))) return null;
        if (Span(arm, lanes, b, line) is not { } mine) return null;
        // A lane's width beyond its vehicles, but no further than halfway to those that the gate is not for.
        var each = (mine.High - mine.Low) / lanes.Count;
        var (low, high) = (mine.Low - (0.6 * each), mine.High + (0.6 * each));
        var foreign = way == Carriageway.Both ? null : Span(arm, [.. Lanes(Carriageway.Both).Except(lanes)], b, line);
        if (foreign is { } other)
        {
            var gap = other.Low > mine.High ? other.Low - mine.High : mine.Low - other.High;
            if (gap < 0.25 * each) return null;
            if (other.Low > mine.High) high = Math.Min(high, mine.High + (gap / 2));
            else low = Math.Max(low, mine.Low - (gap / 2));
        }

        var (from, to) = (line.At(low), line.At(high));
        if (!IsWithin(from) || !IsWithin(to)) return null;
        // What arrives, or leaves where nothing arrives, goes to the positive side.
        var step = way == Carriageway.Leaving ? 2 : -2;
        var (p, q) = (Seen(arm, 0, b), Seen(arm, 0, b + step));
        var forward = ((to.X - from.X) * (q.Y - p.Y)) - ((to.Y - from.Y) * (q.X - p.X));
        if (forward < 0) (from, to) = (to, from);
        return new StreetGate(arm, way, b, Rounded(from), Rounded(to));
    }

    private static IEnumerable<Lane> Lanes(Carriageway way)
    {
        if (way != Carriageway.Leaving)
        {
            yield return new Lane(JunctionLayout.KerbLane, -1);
            yield return new Lane(JunctionLayout.InnerLane, -1);
        }

        if (way != Carriageway.Arriving)
        {
            yield return new Lane(-JunctionLayout.InnerLane, 1);
            yield return new Lane(-JunctionLayout.KerbLane, 1);
        }
    }

    private bool IsTooFlat(int arm, double b)
    {
        var to = JunctionCameras.At(arm, 0, b, 0) - camera.Position;
        var flat = Math.Sqrt((to.X * to.X) + (to.Y * to.Y));
        var hidden = 1.6 * flat / -to.Z;
        var along = JunctionCameras.At(arm, 0, 1, 0);
        var share = Math.Abs((to.X * along.X) + (to.Y * along.Y)) / flat;
        return hidden * share > HidesAlong || hidden * Math.Sqrt(Math.Max(0, 1 - (share * share))) > HidesAcross;
    }

    private PictureLine? Line(int arm, double b)
    {
        var (left, right) = (JunctionCameras.At(arm, -JunctionLayout.HalfWidth, b, 0), JunctionCameras.At(arm, JunctionLayout.HalfWidth, b, 0));
        if (camera.DepthOf(left) < 2 || camera.DepthOf(right) < 2) return null;
        return new PictureLine(camera.Project(left), camera.Project(right), camera.Aspect);
    }

    private bool IsSeenWell(int arm, Lane lane, double b, in PictureLine line)
    {
        var places = new (double X, double Y)[3];
        var size = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var car = Car(arm, lane, b + ((i - 1) * Before * lane.Goes), 4.2, 1.7, 1.5);
            if (TrueBoxes.Of(camera, car, Width, _height) is not { } box) return false;
            if (box.X < 0.01 * Width || box.Right > 0.99 * Width || box.Y < 0 || box.Bottom > 0.985 * _height) return false;
            size = Math.Sqrt(box.Area);
            if (size is < LeastSize or > LargestSize) return false;
            if (Sightlines.SeenShare(camera, car, []) < LeastSeen) return false;
            places[i] = ((double)box.CenterX / Width, (double)box.Bottom / _height);
        }

        // Twice this way is what it goes past the line.
        var (before, after) = (line.Side(places[0].X, places[0].Y), line.Side(places[2].X, places[2].Y));
        return before * after < 0 && Math.Abs(after - before) * Width > LeastStride * size;
    }

    /// <summary>Where along the line the vehicles of these lanes pass it, by the middle of their boxes' lower edges.</summary>
    private (double Low, double High)? Span(int arm, List<Lane> lanes, double b, in PictureLine line)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        foreach (var lane in lanes)
        {
            foreach (var (length, width, height) in ((double, double, double)[])[(2.0, 0.75, 1.65), (4.2, 1.7, 1.5), (9.0, 2.4, 3.0)])
            {
                if (Passes(arm, lane, b, line, length, width, height) is not { } along) continue;
                (low, high) = (Math.Min(low, along), Math.Max(high, along));
            }
        }

        return low > high ? null : (low, high);
    }

    private double? Passes(int arm, Lane lane, double b, in PictureLine line, double length, double width, double height)
    {
        (double X, double Y, double Side)? last = null;
        for (var at = -14.0; at <= 14; at += 0.5)
        {
            if (TrueBoxes.Of(camera, Car(arm, lane, b + (at * lane.Goes), length, width, height), Width, _height) is not { } box) continue;
            var (x, y) = ((double)box.CenterX / Width, (double)box.Bottom / _height);
            var side = line.Side(x, y);
            if (last is { } before && before.Side * side <= 0 && before.Side != side)
            {
                var share = before.Side / (before.Side - side);
                return line.Along(before.X + (share * (x - before.X)), before.Y + (share * (y - before.Y)));
            }

            last = (x, y, side);
        }

        return null;
    }

    private static VehicleView Car(int arm, Lane lane, double b, double length, double width, double height)
    {
        var heading = JunctionLayout.ToGround(arm, 0, lane.Goes);
        return new VehicleView(
            -1, VehicleClass.PassengerCar, BodyShape.Sedan, JunctionLayout.ToGround(arm, lane.Sideways, b), Math.Atan2(heading.Y, heading.X),
            length, width, height, 0, default, false, Indicator.Off);
    }

    private PicturePoint Seen(int arm, double a, double b) => camera.Project(JunctionCameras.At(arm, a, b, 0));

    private static bool IsWithin(PicturePoint p) => p.X is > 0.01 and < 0.99 && p.Y is > 0.02 and < 0.985;

    private static PicturePoint Rounded(PicturePoint p) => new(Math.Round(p.X, 4), Math.Round(p.Y, 4));

    /// <param name="Sideways">In the arm's frame, metres.</param>
    /// <param name="Goes">1 outwards, -1 towards the junction.</param>
    private readonly record struct Lane(double Sideways, int Goes);

    /// <summary>A line in the picture; along it 0 is its start and 1 its end, also beyond them.</summary>
    private readonly record struct PictureLine(PicturePoint Start, PicturePoint End, double Aspect)
    {
        private double AcrossX => End.X - Start.X;

        // Both directions in widths of the picture.
        private double AcrossY => (End.Y - Start.Y) / Aspect;

        /// <summary>Distance from the line in widths of the picture, of a point in fractions.</summary>
        public double Side(double x, double y) =>
            ((AcrossX * (y - Start.Y) / Aspect) - (AcrossY * (x - Start.X))) / Math.Sqrt((AcrossX * AcrossX) + (AcrossY * AcrossY));

        public double Along(double x, double y) =>
            ((AcrossX * (x - Start.X)) + (AcrossY * (y - Start.Y) / Aspect)) / ((AcrossX * AcrossX) + (AcrossY * AcrossY));

        public PicturePoint At(double along) => new(Start.X + (along * (End.X - Start.X)), Start.Y + (along * (End.Y - Start.Y)));
    }
}
