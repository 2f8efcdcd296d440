using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Persons;

namespace TrafficFlow.Node.Endings;

/// <summary>What the end of an experiment reaches of a node besides its vault.</summary>
/// <param name="Data">Its data folder.</param>
/// <param name="Name">Of the node.</param>
/// <param name="Sites">In force.</param>
/// <param name="TokensFile">Of subscribers; null where there are none.</param>
/// <param name="Feeds">Where bins are sent to, with the sites that they are of; of all sites where there are none.</param>
/// <param name="Sweep">Removes what has reached its age of the other kinds, as far as a process can: a node that does not run has nobody who does.</param>
internal sealed record EndNode(
    string Data, string Name, Func<IReadOnlyList<Site>> Sites, PersonStore Persons, AccountStore Accounts, string? TokensFile, IReadOnlyList<(string Name, string To, IReadOnlyList<string> Sites)> Feeds, Func<Task>? Sweep)
{
    public TimeZoneInfo Zone(SiteId? site) => (Sites().FirstOrDefault(s => site is null || s.Id == site) ?? Sites().FirstOrDefault())?.TimeZone ?? TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
}
