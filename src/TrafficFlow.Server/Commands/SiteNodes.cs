using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Commands;

/// <summary>Which nodes a command for a site concerns.</summary>
internal static class SiteNodes
{
    /// <param name="members">Addresses of the cluster's roadside nodes: who has not reported yet is asked too.</param>
    /// <returns>Their addresses, or why there are none.</returns>
    public static (IReadOnlyList<string> Nodes, CommandFailed? None) For(SiteId site, CameraId? camera, HealthOverview health, IReadOnlyList<string> members)
    {
        var ofSite = health.Nodes.Where(n => n.Report.Sites.Contains(site)).ToList();
        var unheard = members.Where(m => health.Nodes.All(n => n.Report.Node != m)).ToList();
        var chosen = camera is { } id ? [.. ofSite.Where(n => n.Report.Cameras.Any(c => c.Status.Camera == id))] : ofSite;
        if (chosen.Count > 0) return ([.. chosen.Select(n => n.Report.Node)], null);
        if (unheard.Count > 0) return (unheard, null);
        if (ofSite.Count > 0 && camera is { } unknown)
        {
            return ([], new CommandFailed(
                $"no node of site {site} has a camera {unknown}",
                $"they have {string.Join(", ", ofSite.SelectMany(n => n.Report.Cameras).Select(c => c.Status.Camera.Value).Distinct().Order(StringComparer.Ordinal))}"));
        }

        var known = health.Nodes.SelectMany(n => n.Report.Sites).Select(s => s.Value).Distinct().Order(StringComparer.Ordinal).ToList();
        return ([], new CommandFailed(
            $"no node has reported cameras of site {site}",
            known.Count == 0 ? "start its roadside node, and see cluster show" : $"the nodes have {string.Join(", ", known)}"));
    }
}
