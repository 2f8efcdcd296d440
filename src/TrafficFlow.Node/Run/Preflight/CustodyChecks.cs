using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Custody;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What the site files require of disk, way and picture, and what is so.</summary>
internal static class CustodyChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, CancellationToken cancellation)
    {
        var found = await node.CustodyLook.RunAsync([.. node.Sites.Select(s => s.Site)], cancellation);
        // One disk is told once, where all sites ask for the same.
        return [.. found.Select(f => Of(f, node.Sites.Count > 1 && f.Rule != CustodyRule.Link)).DistinctBy(f => (f.State, f.Text))];
    }

    private static Finding Of(CustodyFinding found, bool isOfSite)
    {
        var what = isOfSite ? $"{found.What} ({found.Site})" : found.What;
        return found switch
        {
            { RefusesStart: true, IsUnresolved: false } => Finding.Bad(what, found.Text),
            { IsUnmet: true } => Finding.Doubtful(what, found.Text),
            _ => Finding.Good(what, found.Requirement == Requirement.Off && !found.IsMet ? $"{found.Text} (the site file requires nothing here)" : found.Text),
        };
    }
}
