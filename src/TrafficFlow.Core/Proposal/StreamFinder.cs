using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>
/// Finds the streams of motion in the paths of a first look. It looks for the place where the most vehicles pass surely in one direction,
/// lays a gate there, takes away all that pass it or go along with those that do, and looks again among the rest.
/// </summary>
internal static class StreamFinder
{
    /// <param name="paths">Of confirmed tracks; those that did not move are left out here.</param>
    /// <returns>The strongest first.</returns>
    public static IReadOnlyList<MotionStream> Find(IReadOnlyList<MotionPath> paths, FrameFormat frame)
    {
        var streams = new List<MotionStream>();
        var taken = new HashSet<long>();
        foreach (var settings in new[] { ProposalSettings.Default, ProposalSettings.Creeping }) Search(paths, frame, settings, streams, taken);
        return streams;
    }

    private static void Search(
        IReadOnlyList<MotionPath> paths, FrameFormat frame, ProposalSettings settings, List<MotionStream> streams, HashSet<long> taken)
    {
        var moving = paths.Where(settings.IsMoving).ToList();
        var least = Math.Max(settings.LeastEvidence, settings.LeastEvidenceShare * moving.Count);
        var refused = new HashSet<long>();
        var known = new Corridor(streams.SelectMany(s => s.Through.Select(m => m.Path).Concat(s.Followers)), settings);
        taken.UnionWith(moving.Where(p => known.Share(p) >= settings.FollowShare).Select(p => p.Number));
        while (SectionSearch.Best(
            moving.Where(p => !taken.Contains(p.Number) && !refused.Contains(p.Number)), Section, _ => true) is { } section)
        {
            var fresh = section.Through.Where(m => !taken.Contains(m.Path.Number)).ToList();
            var evidence = fresh.Sum(m => Evidence(m, settings));
            if (section.Score <= 0 || evidence < least || section.To - section.From < fresh.Min(m => m.Place.Size) / 2)
            {
                refused.UnionWith(fresh.Select(m => m.Path.Number));
                continue;
            }

            taken.UnionWith(fresh.Select(m => m.Path.Number));
            var corridor = new Corridor(fresh.Select(m => m.Path), settings);
            var followers = moving.Where(p => !taken.Contains(p.Number) && corridor.Share(p) >= settings.FollowShare).ToList();
            taken.UnionWith(followers.Select(p => p.Number));
            streams.Add(new MotionStream(section.Line, section.From, section.To, fresh, followers, evidence));
        }

        CrossSection? Section(SectionLine line) => CrossSection.At(line, moving, m => !taken.Contains(m.Path.Number), frame, settings);
    }

    internal static double Evidence(in Meeting meeting, ProposalSettings settings) =>
        Math.Min(1, meeting.Path.Travel / settings.SureTravel) * Math.Clamp((meeting.Path.Directness - 0.5) / 0.4, 0, 1);
}
