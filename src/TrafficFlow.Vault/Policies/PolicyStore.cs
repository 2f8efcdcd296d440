using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Policies;

/// <summary>A policy as it was found, and what it was before.</summary>
/// <param name="Before">Null for the first of a site.</param>
public sealed record PolicyChange(RegisterEntry<PolicyEvent> Entry, KeptPolicy Now, KeptPolicy? Before)
{
    public bool IsLooser => Before is not null && Now.IsLooserThan(Before);
}

/// <summary>
/// The policies that were in force, as a node or a verb has found them in the files of sites: each change is entered, signed, and in the audit, before anything is done under it. Whoever can write a site's
/// file can loosen a rule, and cannot do so untold. Thread-safe, among processes too.
/// </summary>
/// <remarks>Every member throws <see cref="Files.VaultFileException"/> where the register cannot be used: nothing that takes two persons may be done then.</remarks>
/// <param name="named">Of the sites whose files are read now.</param>
public sealed class PolicyStore(string dataFolder, Func<IReadOnlyList<KeptPolicy>> named, TimeProvider time)
{
    public const string Name = "policies";

    private readonly SignedRegister<ImmutableArray<PolicyChange>, PolicyEvent> _register = new(dataFolder, Name, [], Apply, time);

    /// <summary>All that were found, the first first.</summary>
    public ImmutableArray<PolicyChange> Changes => _register.State;

    /// <summary>Changes that have loosened a policy which was not made as strict again since, the first first; each with what is still looser.</summary>
    public IReadOnlyList<(PolicyChange Change, IReadOnlyList<PolicyDifference> What)> StillLoosened
    {
        get
        {
            var changes = Changes;
            var last = Last(changes);
            return [.. from c in changes where c.IsLooser let left = last[c.Now.Site].StillLoosened(c.Before!, c.Now) where left.Count > 0 select (c, left)];
        }
    }

    /// <summary>
    /// What takes two persons on this node: what any site asks for. A site that the settings do not name any more, be it that other settings are shown to a verb, keeps the rule that it had.
    /// </summary>
    public TwoPersonRule TwoPersons => named().Concat(Left).Aggregate(TwoPersonRule.Off, (all, p) => all | p.TwoPersons);

    /// <summary>Of sites that the settings do not name any more: what their files said last.</summary>
    public ImmutableArray<KeptPolicy> Left => named() is var now ? [.. Last(Changes).Values.Where(p => now.All(n => n.Site != p.Site))] : [];

    /// <summary>Enters what differs from what was found last; in the audit too. Often: nothing is done where there is nothing to do.</summary>
    /// <returns>What was entered.</returns>
    public async Task<ImmutableArray<PolicyChange>> LookAsync()
    {
        if (Differing(Changes).IsEmpty) return [];
        var (_, made) = await _register.ChangeAsync<bool>(RegisterAuthor.Node, (changes, _) => ([.. Differing(changes).Select(p => new PolicyFound(p))], true)).ConfigureAwait(false);
        if (made.IsEmpty) return [];
        var entered = Changes.Where(c => made.Any(m => m.Number == c.Entry.Number)).ToImmutableArray();
        // How long records are kept is the node's to say: nothing is trimmed here.
        await using var log = await AuditLog.OpenAsync(new AuditPlace(dataFolder).Folder, new AuditOptions { Retention = TimeSpan.FromDays(36_500) }, time).ConfigureAwait(false);
        foreach (var change in entered)
        {
            await log.RecordAsync(new AuditEvent(
                AuditKind.Change, RegisterAuthor.Node.Name, RegisterAuthor.Node.Account, change.IsLooser ? "custody policy loosened" : "custody policy found", change.Now.Site,
                Details: $"{string.Join("; ", change.Now.Changes(change.Before))}; entry {change.Entry.Number} {change.Entry.Hash[..16]}")).ConfigureAwait(false);
        }

        return entered;
    }

    private ImmutableArray<KeptPolicy> Differing(ImmutableArray<PolicyChange> changes)
    {
        var last = Last(changes);
        return [.. named().Where(p => last.GetValueOrDefault(p.Site) != p)];
    }

    private static Dictionary<string, KeptPolicy> Last(ImmutableArray<PolicyChange> changes)
    {
        var last = new Dictionary<string, KeptPolicy>(StringComparer.Ordinal);
        foreach (var change in changes) last[change.Now.Site] = change.Now;
        return last;
    }

    private static ImmutableArray<PolicyChange> Apply(ImmutableArray<PolicyChange> changes, RegisterEntry<PolicyEvent> entry) => entry.Event switch
    {
        PolicyFound found => changes.Add(new PolicyChange(entry, found.Policy, changes.LastOrDefault(c => c.Now.Site == found.Policy.Site)?.Now)),
        _ => throw new InvalidOperationException($"no entry of the register of policies: {entry.Event.GetType().Name}"),
    };
}
