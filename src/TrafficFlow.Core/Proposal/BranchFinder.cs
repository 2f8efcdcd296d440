using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>
/// Finds second gates: where the vehicles of a stream part, or those of several streams come together. With a gate before and one behind,
/// a vehicle's movement is known. Where all go on together a second gate would say nothing new, and none is laid.
/// </summary>
internal static class BranchFinder
{
    private const int MostGates = 12;

    /// <param name="streams">The first gates.</param>
    /// <returns>The second gates, the strongest first.</returns>
    public static IReadOnlyList<MotionStream> Find(
        IReadOnlyList<MotionStream> streams, IReadOnlyList<MotionPath> paths, FrameFormat frame, ProposalSettings settings)
    {
        var moving = paths.Where(settings.IsMoving).ToList();
        var passages = moving.ToDictionary(p => p.Number, _ => new List<Passage>());
        foreach (var stream in streams) Note(stream);
        var least = Math.Max(settings.LeastBranch, settings.LeastEvidenceShare * moving.Count);
        var branches = new List<MotionStream>();
        while (streams.Count + branches.Count < MostGates
            && SectionSearch.Best(moving.Where(p => passages[p.Number].Count == 1), Section, TellsMore) is { } section)
        {
            var wanted = section.Through.Where(IsWanted).ToList();
            branches.Add(new MotionStream(section.Line, section.From, section.To, wanted, [], wanted.Sum(m => StreamFinder.Evidence(m, settings))));
            Note(branches[^1]);
        }

        return branches;

        CrossSection? Section(SectionLine line) => CrossSection.At(line, moving, IsWanted, frame, settings);

        bool IsWanted(Meeting m) =>
            passages[m.Path.Number] is [var only] && Math.Abs(only.Travelled - m.Travelled) >= settings.BranchDistance;

        void Note(MotionStream stream)
        {
            foreach (var path in moving) passages[path.Number].AddRange(stream.Passages(path).Select(m => new Passage(stream.Line, m.Place, m.Travelled)));
        }

        bool TellsMore(CrossSection section)
        {
            var groups = section.Through.Where(IsWanted)
                .GroupBy(m => (passages[m.Path.Number][0].Gate, IsBehind: m.Travelled > passages[m.Path.Number][0].Travelled)).ToList();
            var all = groups.Sum(g => g.Count());
            if (all < least) return false;
            var few = Math.Max(2, 0.1 * all);
            if (groups.Count(g => g.Count() >= few) >= 2) return true;
            var (gate, isBehind) = groups.MaxBy(g => g.Count())!.Key;
            var ways = section.Through.Where(IsWanted).Where(m => passages[m.Path.Number][0].Gate == gate)
                .Select(m => Chord(passages[m.Path.Number][0].Place, m.Place)).ToList();
            var way = Unit((ways.Sum(w => w.X), ways.Sum(w => w.Y)));
            var together = section.Through.Select(m => m.Path).ToHashSet();
            return moving.Count(p => !together.Contains(p) && PartsFrom(way, p, gate, isBehind)) >= few;
        }

        // Passes the first gate too, goes on from there, but away from the others.
        bool PartsFrom((double X, double Y) way, MotionPath path, SectionLine gate, bool isBehind)
        {
            if (passages[path.Number].Find(p => p.Gate == gate) is not { } passed) return false;
            if ((isBehind ? path.Travel - passed.Travelled : passed.Travelled) < settings.BranchDistance) return false;
            var own = Chord(passed.Place, isBehind ? path.Points[^1] : path.Points[0]);
            return (own.X * way.X) + (own.Y * way.Y) < Math.Cos(settings.SameHeading * Math.PI / 180);
        }
    }

    private static (double X, double Y) Chord(in PathPoint from, in PathPoint to) => Unit((to.X - from.X, to.Y - from.Y));

    private static (double X, double Y) Unit((double X, double Y) v)
    {
        var length = Math.Sqrt((v.X * v.X) + (v.Y * v.Y));
        return length > 0 ? (v.X / length, v.Y / length) : v;
    }

    private sealed record Passage(SectionLine Gate, PathPoint Place, double Travelled);
}
