using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Server.Health;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Persons;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// Tells every other node of the cluster who was dismissed here: accounts are kept on each node by itself, and nobody shall stay in at another one. A node that is away hears of it when it is back, and what was told is told again now
/// and then, since accounts may have been put back there from a backup.
/// </summary>
/// <param name="own">HOST:PORT of this node, a server: nobody else is heard.</param>
/// <param name="cluster">Null while the node is in none.</param>
/// <param name="health">Knows nodes that are away; null while no board can be asked.</param>
internal sealed class ClusterDismissals(string own, Func<PersonRegister> persons, Func<ActorSystem?> cluster, Func<IHealthQuery?> health, TimeProvider time)
{
    /// <summary>The newest: what is older was told long ago.</summary>
    private const int MostTold = 1_000;

    private const string Telling = "it is being told";

    /// <summary>Where a node of an earlier version does not say when.</summary>
    private const string Since = "appointed there since, by the clocks of both: dismiss there too";

    private const string Away = "it is not in the cluster: it hears of it when it is back";

    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (string What, long TriedAt, NodeDismissals Standing)> _nodes = new(StringComparer.Ordinal);

    private IReadOnlyList<string>? _reported;
    private long? _readAt;

    /// <summary>By node; empty where nobody was dismissed, or there is no other node.</summary>
    public IReadOnlyList<NodeDismissals> Standing => [.. _nodes.Values.Select(n => n.Standing).OrderBy(n => n.Node, StringComparer.Ordinal)];

    /// <summary>What has not come everywhere, and what to do; null where it has.</summary>
    public string? Problem => Standing.Where(n => !n.IsDone).ToList() is { Count: > 0 } open
        ? $"persons who were dismissed may still log in at {string.Join("; ", open.Select(n => $"{n.Node} ({n.Silence ?? string.Join(", ", n.NotDone.Select(d => $"{d.Account}: {d.Why}"))})"))}: dismiss them there too (trafficflow custody person dismiss), or disable the accounts there"
        : null;

    public async Task LookAsync(CancellationToken cancellation)
    {
        var register = persons();
        ImmutableArray<DismissedPerson> told = [.. register.Dismissed(time.GetUtcNow()).OrderByDescending(a => a.Dismissal!.EnteredAt).Take(MostTold)
            .Select(a => new DismissedPerson(a.Account!, a.Person, a.Dismissal!.EnteredAt, a.Dismissal.By.Name, a.Dismissal.By.Account))];
        if (told.IsEmpty)
        {
            _nodes.Clear();
            return;
        }

        if (cluster() is not { } system || !system.HasExtension<Akka.Cluster.Cluster>()) return;
        var what = string.Join('\n', told.Select(p => $"{p.Account} {p.Entered.UtcTicks}"));
        var members = Members(system);
        if (_readAt is not { } at || time.GetElapsedTime(at) >= s_retry)
        {
            _readAt = time.GetTimestamp();
            _reported = health() is { } board && await board.ReadAsync(null, cancellation) is { } overview ? [.. overview.Nodes.Select(n => n.Report.ShortName)] : null;
        }

        var away = _reported?.Where(n => n != own && !members.ContainsKey(n)).ToHashSet(StringComparer.Ordinal);
        foreach (var node in _nodes.Keys.Where(n => !members.ContainsKey(n)))
        {
            // A node of which the health board knows nothing any more is gone for good.
            if (away?.Contains(node) == false) _nodes.TryRemove(node, out _);
        }

        foreach (var node in away ?? []) _nodes.AddOrUpdate(node, n => (what, 0, new NodeDismissals(n, null, Away, [])), (_, before) => before.What == what && before.Standing.Silence is null ? before : (what, 0, before.Standing with { Silence = Away }));
        var due = members.Where(m => IsDue(m.Key, what)).ToList();
        // Until it has answered, nobody is told that all is done there.
        foreach (var (node, _) in due) _nodes.AddOrUpdate(node, n => ("", 0, new NodeDismissals(n, null, Telling, [])), (_, before) => before.What == what ? before : before with { Standing = before.Standing with { Silence = Telling } });
        await Task.WhenAll(due.Select(m => TellAsync(system, m.Key, m.Value, told, what, cancellation)));
    }

    private bool IsDue(string node, string what) =>
        !_nodes.TryGetValue(node, out var known) || known.What != what || known.TriedAt == 0 || time.GetElapsedTime(known.TriedAt) >= (known.Standing.Silence is null ? s_again : s_retry);

    private async Task TellAsync(ActorSystem system, string node, Address address, ImmutableArray<DismissedPerson> told, string what, CancellationToken cancellation)
    {
        var before = _nodes.TryGetValue(node, out var known) ? known.Standing : null;
        NodeDismissals standing;
        try
        {
            var receiver = system.ActorSelection(new RootActorPath(address) / "user" / DismissalsActor.Name);
            var heard = await receiver.Ask<DismissalsHeard>(new TellDismissals(told), s_patience, cancellation);
            standing = heard.Refused.Length > 0
                ? new NodeDismissals(node, before?.ToldAt, heard.Refused, before?.NotDone ?? [])
                // Who was appointed there since may be meant to be in, and may be in by a wrong clock: a person decides it.
                : new NodeDismissals(node, time.GetUtcNow(), null, [.. heard.Heard.Where(h => h.Outcome is DismissalOutcome.AnotherPerson or DismissalOutcome.Held or DismissalOutcome.AppointedSince).Select(h => (h.Account, h.Why.Length > 0 ? h.Why : Since))]);
        }
        catch (AskTimeoutException)
        {
            standing = new NodeDismissals(node, before?.ToldAt, $"nothing within {s_patience.TotalSeconds:0} s: is it of an earlier version?", before?.NotDone ?? []);
        }

        _nodes[node] = (what, time.GetTimestamp(), standing);
    }

    private static Dictionary<string, Address> Members(ActorSystem system)
    {
        var all = Akka.Cluster.Cluster.Get(system);
        return all.State.Members
            .Where(m => (m.HasRole(TrafficFlowRoles.Roadside) || m.HasRole(TrafficFlowRoles.Server)) && m.Status is Akka.Cluster.MemberStatus.Up or Akka.Cluster.MemberStatus.WeaklyUp && m.Address != all.SelfAddress)
            .ToDictionary(m => $"{m.Address.Host}:{m.Address.Port}", m => m.Address);
    }
}
