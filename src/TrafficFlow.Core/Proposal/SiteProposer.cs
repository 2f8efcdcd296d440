using System.Globalization;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>From the paths of a first look at a video to gates, approaches and movements. Pure: the same paths give the same proposal.</summary>
public static class SiteProposer
{
    private static readonly string[] Headings = ["right", "down-right", "down", "down-left", "left", "up-left", "up", "up-right"];

    public static SiteProposal Propose(IReadOnlyList<MotionPath> paths, FrameFormat frame)
    {
        var first = StreamFinder.Find(paths, frame);
        var second = BranchFinder.Find(first, paths, frame, ProposalSettings.Default);
        var streams = first.Concat(second).ToList();
        var ids = streams.Select((s, i) => new GateId(string.Create(
            CultureInfo.InvariantCulture, $"{(i < first.Count ? "stream" : "branch")}-{i + 1}-{Heading(s.Line)}"))).ToList();
        var movements = Movements(streams, ids, paths);
        var arms = streams.Select((s, i) => ArmEnd.Of(s, Role(ids[i], movements), frame)).ToList();
        var names = ArmEnd.Name(arms);
        var gates = streams.Select((s, i) => new ProposedGate(
            new Gate(ids[i], Place(s.Line.PointAt(s.From), frame), Place(s.Line.PointAt(s.To), frame), new GateMeaning(arms[i].Role, names[i])),
            s,
            i >= first.Count,
            GateDoubts.Of(s, frame, ProposalSettings.Default)));
        return new SiteProposal(
            [.. names.Distinct().OrderBy(n => n.Value, StringComparer.Ordinal).Select(n => new Approach(n, NameOf(n)))],
            [.. gates],
            movements);
    }

    /// <summary>For people: "right-2" is the second on that edge.</summary>
    private static string NameOf(ApproachId id) =>
        id.Value.Split('-', 2) is [var edge, var number] ? $"{edge} of the picture, {number}" : $"{id.Value} of the picture";

    /// <summary>Which way the motion goes in the picture.</summary>
    internal static string Heading(SectionLine line)
    {
        var eighths = (int)Math.Round(Math.Atan2(line.DirectionY, line.DirectionX) / (Math.PI / 4));
        return Headings[(eighths + 8) % 8];
    }

    private static List<ProposedMovement> Movements(List<MotionStream> streams, List<GateId> ids, IReadOnlyList<MotionPath> paths)
    {
        var pairs = new Dictionary<(int From, int To), int>();
        foreach (var path in paths)
        {
            var passed = streams.SelectMany((s, i) => s.Passages(path).Select(m => (Gate: i, m.Travelled))).OrderBy(p => p.Travelled).ToList();
            if (passed.Count < 2 || passed[0].Gate == passed[^1].Gate) continue;
            var pair = (passed[0].Gate, passed[^1].Gate);
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        return [.. pairs.OrderByDescending(p => p.Value).ThenBy(p => p.Key).Select(p => new ProposedMovement(ids[p.Key.From], ids[p.Key.To], p.Value))];
    }

    /// <summary>A gate from which most go on to another is an entry; one that most reach from another is an exit; one alone is an entry.</summary>
    private static GateRole Role(GateId gate, List<ProposedMovement> movements) =>
        movements.Where(m => m.To == gate).Sum(m => m.Vehicles) > movements.Where(m => m.From == gate).Sum(m => m.Vehicles) ? GateRole.Exits : GateRole.Enters;

    private static PicturePoint Place((double X, double Y) pixels, FrameFormat frame) => new(
        Math.Round(Math.Clamp(pixels.X / frame.Width, 0, 1), 3), Math.Round(Math.Clamp(pixels.Y / frame.Height, 0, 1), 3));
}
