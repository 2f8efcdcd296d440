using System.Globalization;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Plan;

/// <summary>
/// The site from above, drawn from its ground plane: arms where their gates lie on the ground. A site without calibrated cameras gets a schema: its arms around a circle,
/// in the order of the site file, the first one up.
/// </summary>
public sealed class JunctionPlan
{
    /// <summary>Metres of road that are drawn outside of the gates.</summary>
    private const double Road = 26;

    /// <summary>Characters of a line of a name.</summary>
    private const int LongestAside = 14;

    private const int LongestBeyond = 36;

    private const double SchemaRadius = 16;
    private const double SchemaOffset = 3.4;

    private JunctionPlan(bool isSurveyed, IReadOnlyList<PlanArm> arms, IReadOnlyList<PlanGate> gates) => (IsSurveyed, Arms, Gates) = (isSurveyed, arms, gates);

    /// <summary>False for a schema, whose distances and directions mean nothing.</summary>
    public bool IsSurveyed { get; }

    public IReadOnlyList<PlanArm> Arms { get; }

    /// <summary>Empty for a schema.</summary>
    public IReadOnlyList<PlanGate> Gates { get; }

    /// <summary>The middle of the junction.</summary>
    public PlanPoint Centre => Arms.Count == 0 ? default : PlanPoint.Mean([.. Arms.Select(a => a.Middle)]);

    /// <summary>What has to be seen, as x y width height of a drawing.</summary>
    public string ViewBox
    {
        get
        {
            var centre = Centre;
            var reach = Arms.Select(a => (a.Middle - centre).Length).DefaultIfEmpty(SchemaRadius).Max() + Road + 6;
            return string.Create(CultureInfo.InvariantCulture, $"{centre.X - reach:0.#} {-centre.Y - reach:0.#} {2 * reach:0.#} {2 * reach:0.#}");
        }
    }

    /// <summary>
    /// Where an arm's name stands: beyond its end, or above a road that goes to the side, where it begins or ends at the end of the road. A long one has several lines, of which this
    /// is the middle of the first.
    /// </summary>
    public PlanName LabelOf(PlanArm arm)
    {
        var isAside = Math.Abs(arm.Outward.Y) <= 0.6;
        var lines = Lines(arm.Name, isAside ? LongestAside : LongestBeyond);
        var more = new PlanPoint(0, (lines.Count - 1) * PlanName.LineHeight);
        if (isAside) return new PlanName(arm.Middle + (arm.Outward * (Road + 4)) + new PlanPoint(0, 8) + more, lines, arm.Outward.X < 0 ? "left" : "right");
        var at = arm.Middle + (arm.Outward * (Road + 3));
        return new PlanName(arm.Outward.Y > 0 ? at + more : at, lines, "middle");
    }

    private static IReadOnlyList<string> Lines(string name, int longest)
    {
        var lines = new List<string>();
        foreach (var word in name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= longest) lines[^1] += $" {word}";
            else lines.Add(word);
        }

        return lines;
    }

    public PlanArm? Find(string approach) => Arms.FirstOrDefault(a => a.Id == approach);

    /// <summary>The way from one arm to another, as the d of a path; null where the plan does not know it.</summary>
    public string? Way(string from, string to)
    {
        if (Find(from) is not { Entry: { } entry } start || Find(to) is not { Exit: { } exit } end) return null;
        var bend = Math.Max(4, 0.45 * (exit - entry).Length);
        var (far, gone) = (entry + (start.Outward * Road), exit + (end.Outward * Road));
        return $"M {far.Svg} L {entry.Svg} C {(entry - (start.Outward * bend)).Svg}, {(exit - (end.Outward * bend)).Svg}, {exit.Svg} L {gone.Svg}";
    }

    /// <summary>Where the queue before an arm's gate lies that is so long, metres; null where nobody enters by it.</summary>
    public (PlanPoint From, PlanPoint To)? Queue(string approach, double metres) =>
        Find(approach) is { Entry: { } entry } arm ? (entry, entry + (arm.Outward * Math.Min(metres, 150))) : null;

    public static JunctionPlan Of(Site site)
    {
        var gates = Surveyed(site);
        var arms = site.Approaches.Select(a => (Approach: a, Entries: Of(gates, a, GateRole.Enters), Exits: Of(gates, a, GateRole.Exits))).ToList();
        // One arm that nobody surveyed would lie nowhere.
        if (arms.Count == 0 || arms.Any(a => a.Entries.Count + a.Exits.Count == 0)) return Schema(site);
        var centre = PlanPoint.Mean([.. arms.Select(a => PlanPoint.Mean([.. a.Entries.Concat(a.Exits).Select(Middle)]))]);
        return new JunctionPlan(
            true,
            [
                .. arms.Select(a =>
                {
                    var outward = Outward(a.Entries.Count > 0 ? a.Entries : a.Exits, centre);
                    PlanPoint? entry = a.Entries.Count > 0 ? PlanPoint.Mean([.. a.Entries.Select(Middle)]) : null;
                    // Each camera has its own exiting gate of an arm, some of them far inside the junction.
                    PlanPoint? exit = a.Exits.Count > 0 ? a.Exits.Select(Middle).MaxBy(m => Along(m - centre, outward)) : null;
                    return new PlanArm(a.Approach.Id.Value, a.Approach.Name, entry, exit, outward);
                }),
            ],
            [.. gates.Select(g => g.Gate).DistinctBy(g => (g.From, g.To))]);
    }

    /// <summary>Across the gates, away from the middle.</summary>
    private static PlanPoint Outward(List<PlanGate> gates, PlanPoint centre) => PlanPoint.Mean(
    [
        .. gates.Select(g =>
        {
            var line = (g.To - g.From).Unit;
            var across = new PlanPoint(-line.Y, line.X);
            return Along(Middle(g) - centre, across) < 0 ? across * -1 : across;
        }),
    ]).Unit;

    private static double Along(PlanPoint way, PlanPoint unit) => (way.X * unit.X) + (way.Y * unit.Y);

    private static PlanPoint Middle(PlanGate gate) => (gate.From + gate.To) * 0.5;

    private static List<PlanGate> Of(List<(PlanGate Gate, GateMeaning Meaning)> gates, Approach approach, GateRole role) =>
        [.. gates.Where(g => g.Meaning.Approach == approach.Id && g.Meaning.Role == role).Select(g => g.Gate)];

    private static List<(PlanGate Gate, GateMeaning Meaning)> Surveyed(Site site)
    {
        var all = new List<(PlanGate, GateMeaning)>();
        foreach (var camera in site.Cameras)
        {
            foreach (var gate in camera.Gates)
            {
                if (Ground(camera, gate.From) is not { } from || Ground(camera, gate.To) is not { } to) continue;
                GateMeaning[] meanings = [.. new[] { gate.Forward, gate.Backward }.OfType<GateMeaning>()];
                var drawn = new PlanGate($"{camera.Id}/{gate.Id}", from, to, meanings.Any(m => m.Role == GateRole.Enters), meanings.Any(m => m.Role == GateRole.Exits));
                all.AddRange(meanings.Select(m => (drawn, m)));
            }
        }

        return all;
    }

    private static PlanPoint? Ground(CameraSetup camera, PicturePoint place) => camera.Plane?.ToGround(place) is { } p ? new PlanPoint(p.X, p.Y) : null;

    private static JunctionPlan Schema(Site site)
    {
        var count = Math.Max(1, site.Approaches.Count);
        return new JunctionPlan(
            false,
            [
                .. site.Approaches.Select((a, i) =>
                {
                    var angle = (Math.PI / 2) - (2 * Math.PI * i / count);
                    var outward = new PlanPoint(Math.Cos(angle), Math.Sin(angle));
                    var (at, left) = (outward * SchemaRadius, new PlanPoint(outward.Y, -outward.X) * SchemaOffset);
                    return new PlanArm(a.Id.Value, a.Name, at + left, at - left, outward);
                }),
            ],
            []);
    }
}
