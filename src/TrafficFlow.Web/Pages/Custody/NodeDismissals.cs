namespace TrafficFlow.Web.Pages.Custody;

/// <summary>How far the dismissals that were entered on this node have come at another node of the cluster, which has accounts of its own.</summary>
/// <param name="Node">HOST:PORT.</param>
/// <param name="ToldAt">When it last said what it has done; null where it never did.</param>
/// <param name="Silence">Why it has not heard of all of them; null where it has.</param>
/// <param name="NotDone">What it could not do, each account with the reason; empty where all is done, or it has no such account.</param>
public sealed record NodeDismissals(string Node, DateTimeOffset? ToldAt, string? Silence, IReadOnlyList<(string Account, string Why)> NotDone)
{
    public bool IsDone => Silence is null && NotDone.Count == 0;
}
