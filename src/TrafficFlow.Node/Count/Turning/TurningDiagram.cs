using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Drawings;

namespace TrafficFlow.Node.Count.Turning;

/// <summary>A turning-movement diagram: the arms of the junction, and a ribbon for each way, as wide as it is used.</summary>
internal static class TurningDiagram
{
    private const int Side = 900;
    private const int TitleHeight = 80;
    private const double Radius = 250;
    private const double ArmLength = 105;

    /// <summary>Vehicles of the busiest arm, in and out, as pixels.</summary>
    private const double WidestArm = 150;

    /// <summary>A ribbon may be narrower; its figure needs this much room.</summary>
    private const double LeastSlot = 24;

    private const double Gap = 10;
    private const double LeastRibbon = 1.5;
    private const double StubLength = 60;
    private const int Steps = 32;
    private const string Ink = "#222222";
    private const string Faint = "#777777";
    private const string Road = "#ececec";

    private static readonly string[] s_colours = ["#1f77b4", "#d95f02", "#2ca02c", "#b5179e", "#8c564b", "#17a2b8", "#7a7a00", "#6a51a3"];

    /// <param name="title">For the head of the drawing, one line each.</param>
    public static Drawing Of(TurningTable table, CameraSetup camera, IReadOnlyDictionary<ApproachId, string> names, IReadOnlyList<string> title)
    {
        var arms = TurningArms.Of(camera);
        var ways = table.All.GroupBy(t => (t.From, t.To)).Select(g => new Way(g.Key.From, g.Key.To, g.Sum(t => t.Count))).ToList();
        var mouths = arms.All.ToDictionary(a => a, a => new Mouth(a, arms, ways));
        var scale = WidestArm / Math.Max(1, mouths.Values.Max(m => m.Volume));
        foreach (var mouth in mouths.Values) mouth.Place(scale, new DrawnPoint(Side / 2.0, TitleHeight + (Side / 2.0)));
        var shapes = new List<DrawnShape>();
        foreach (var mouth in mouths.Values) shapes.Add(new DrawnArea(mouth.Road, Road));
        var colours = table.Approaches.Select((a, i) => (a, s_colours[i % s_colours.Length])).ToDictionary(c => c.a, c => c.Item2);
        // The widest first: the narrow ones stay visible over them.
        foreach (var way in ways.OrderByDescending(w => w.Count).ThenBy(w => w.From?.Value, StringComparer.Ordinal).ThenBy(w => w.To?.Value, StringComparer.Ordinal))
        {
            var colour = way is { From: { } origin, To: not null } ? colours[origin] : "#9a9a9a";
            shapes.AddRange(Ribbon(way, mouths, Math.Max(LeastRibbon, scale * way.Count), colour));
        }

        foreach (var mouth in mouths.Values) shapes.AddRange(mouth.Labels(names.GetValueOrDefault(mouth.Arm, mouth.Arm.Value), colours.GetValueOrDefault(mouth.Arm, Ink)));
        for (var i = 0; i < title.Count; i++)
            shapes.Add(new DrawnText(title[i], new DrawnPoint(24, 34 + (24 * i)), i == 0 ? 20 : 14, DrawnAnchor.Start, i == 0 ? Ink : Faint, IsBold: i == 0));
        var foot = $"{(arms.IsNorthUp ? "North is up." : "The arms lie as the camera sees them.")} Grey: the other end was not seen.";
        shapes.Add(new DrawnText(foot, new DrawnPoint(24, TitleHeight + Side - 16), 12, DrawnAnchor.Start, Faint));
        return new Drawing(Side, TitleHeight + Side, shapes);
    }

    private static IEnumerable<DrawnShape> Ribbon(Way way, Dictionary<ApproachId, Mouth> mouths, double width, string colour)
    {
        var start = way.From is { } from ? mouths[from].Entry(way) : default;
        var end = way.To is { } to ? mouths[to].Exit(way) : default;
        var line = way switch
        {
            { From: { } f, To: { } t } => Curve(start, start - (Reach(f == t) * mouths[f].Out), end - (Reach(f == t) * mouths[t].Out), end),
            { From: { } f } => [start, start - (StubLength * mouths[f].Out)],
            { To: { } t } => [end - (StubLength * mouths[t].Out), end],
            _ => [],
        };
        if (line.Count == 0) yield break;
        yield return new DrawnArea(Band(line, width), colour, 0.75);
        if (way.To is { } exit) yield return new DrawnArea(Arrow(end, mouths[exit].Out, width), colour, 0.9);

        static double Reach(bool isTurnBack) => isTurnBack ? 0.9 * Radius : 0.7 * Radius;
    }

    private static List<DrawnPoint> Curve(DrawnPoint a, DrawnPoint b, DrawnPoint c, DrawnPoint d) => [.. Enumerable.Range(0, Steps + 1).Select(i =>
    {
        var (t, u) = ((double)i / Steps, 1 - ((double)i / Steps));
        return (u * u * u * a) + (3 * u * u * t * b) + (3 * u * t * t * c) + (t * t * t * d);
    })];

    private static List<DrawnPoint> Band(List<DrawnPoint> line, double width)
    {
        var sides = line.Select((p, i) => (Point: p, Aside: width / 2 * (line[Math.Min(i + 1, line.Count - 1)] - line[Math.Max(i - 1, 0)]).Unit.Right)).ToList();
        return [.. sides.Select(s => s.Point + s.Aside), .. sides.AsEnumerable().Reverse().Select(s => s.Point - s.Aside)];
    }

    private static List<DrawnPoint> Arrow(DrawnPoint at, DrawnPoint way, double width)
    {
        var half = Math.Max(6, (width / 2) + 4);
        return [at + (half * way.Right), at + (Math.Clamp(half, 10, 26) * way), at - (half * way.Right)];
    }

    private readonly record struct Way(ApproachId? From, ApproachId? To, int Count);

    /// <summary>Where an arm meets the junction: its ways side by side, in the order in which they cross each other least.</summary>
    private sealed class Mouth
    {
        private readonly List<Way> _in;
        private readonly List<Way> _out;
        private readonly Dictionary<Way, double> _entries = [];
        private readonly Dictionary<Way, double> _exits = [];
        private readonly DrawnPoint _aside;
        private DrawnPoint _middle;
        private double _inWidth;
        private double _outWidth;

        public Mouth(ApproachId arm, TurningArms arms, List<Way> ways)
        {
            (Arm, Out) = (arm, arms.OutOf(arm));
            // Those who drive in keep to this side.
            _aside = arms.KeepsLeft ? Out.Right : -1 * Out.Right;
            _in = [.. ways.Where(w => w.From == arm).OrderBy(w => w.To is { } to ? Turn(to, leaves: false) : double.MaxValue)];
            _out = [.. ways.Where(w => w.To == arm).OrderBy(w => w.From is { } from ? Turn(from, leaves: true) : double.MaxValue)];

            // Nearest to the middle of the road first: who turns back, who turns across, who goes through, who turns off.
            double Turn(ApproachId other, bool leaves)
            {
                var turn = (arms.AngleOf(other) - arms.AngleOf(arm)) / (2 * Math.PI);
                turn -= Math.Floor(turn);
                if (other == arm) return -1;
                return leaves == arms.KeepsLeft ? turn : 1 - turn;
            }
        }

        public ApproachId Arm { get; }

        public DrawnPoint Out { get; }

        public int Volume => _in.Sum(w => w.Count) + _out.Sum(w => w.Count);

        public IReadOnlyList<DrawnPoint> Road
        {
            get
            {
                var (near, far) = (_middle - (0.35 * Radius * Out), _middle + (ArmLength * Out));
                var (one, other) = ((_inWidth + Gap) * _aside, (_outWidth + Gap) * _aside);
                return [near + one, far + one, far - other, near - other];
            }
        }

        public void Place(double scale, DrawnPoint centre)
        {
            _middle = centre + (Radius * Out);
            _inWidth = Stack(_in, _entries, scale);
            _outWidth = Stack(_out, _exits, scale);
        }

        public DrawnPoint Entry(Way way) => _middle + (_entries[way] * _aside);

        public DrawnPoint Exit(Way way) => _middle - (_exits[way] * _aside);

        public IEnumerable<DrawnShape> Labels(string name, string colour)
        {
            foreach (var way in _in)
                yield return new DrawnText(Figure(way), Entry(way) + (18 * Out) + new DrawnPoint(0, 4), 12, DrawnAnchor.Middle, way.To is null ? Faint : colour, IsBold: true);
            var at = _middle + ((ArmLength + 26) * Out);
            // About as wide as bold letters are: a long name must not leave the drawing.
            var half = Math.Min(Side / 2.0, 0.35 * 16 * name.Length);
            at = at with { X = Math.Clamp(at.X, half, Side - half) };
            yield return new DrawnText(name, at, 16, DrawnAnchor.Middle, colour, IsBold: true);
            yield return new DrawnText(
                string.Create(CultureInfo.InvariantCulture, $"in {_in.Sum(w => w.Count)}, out {_out.Sum(w => w.Count)}"), at + new DrawnPoint(0, 18), 13, DrawnAnchor.Middle, Ink);
        }

        private static string Figure(Way way) => way.Count.ToString(CultureInfo.InvariantCulture);

        private static double Stack(List<Way> ways, Dictionary<Way, double> places, double scale)
        {
            var at = Gap / 2;
            foreach (var way in ways)
            {
                var slot = Math.Max(LeastSlot, (scale * way.Count) + 3);
                places[way] = at + (slot / 2);
                at += slot;
            }

            return Math.Max(at, LeastSlot);
        }
    }
}
