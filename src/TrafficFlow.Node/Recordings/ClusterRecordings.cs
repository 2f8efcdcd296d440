using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Server.Health;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Recordings;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>Asks this node's recordings, and those of the other nodes of its cluster: any of them may have some, cameras' or carried by hand.</summary>
/// <param name="own">Name of this node.</param>
/// <param name="isServer">Only servers are answered by others.</param>
/// <param name="cluster">Null while the node is in none.</param>
/// <param name="health">Null while no board can be asked.</param>
internal sealed class ClusterRecordings(string own, bool isServer, NodeVault vault, IRecordingsAnswers here, Func<ActorSystem?> cluster, Func<IHealthQuery?> health) : IRecordings
{
    private const string NoBoard = "no server's health board answers, so that nobody knows which other nodes have recordings: see Health";

    /// <summary>Of what somebody approves, with the node's name before it.</summary>
    private const int LongestDescription = ApprovalRegister.LongestDescription - 400;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Erasing overwrites what it erases.</summary>
    private static readonly TimeSpan s_patienceForOrders = TimeSpan.FromMinutes(5);

    public async Task<RecordingPlaces> PlacesAsync(SiteId? site, CancellationToken cancellation)
    {
        var ownPlace = new RecordingPlace(own, IsHere: true, IsMember: true, null, []);
        if (!isServer) return new RecordingPlaces([ownPlace], null);
        var overview = health() is { } board ? await board.ReadAsync(null, cancellation) : null;
        var members = Members();
        var reported = (overview?.Nodes ?? []).Where(n => n.Report.ShortName != own && n.Report.Roles.Contains(TrafficFlowRoles.Roadside) && (site is not { } s || n.Report.Sites.Contains(s))).ToList();
        var others = reported.Select(n => new RecordingPlace(n.Report.ShortName, IsHere: false, members.ContainsKey(n.Report.ShortName), n.ReceivedAt, CamerasOf(n.Report, site)))
            // Who has not reported yet, or is of another site, may have what was carried to it, or was recorded before.
            .Concat(members.Keys.Where(m => m != own && reported.All(n => n.Report.ShortName != m)).Select(m => new RecordingPlace(m, IsHere: false, IsMember: true, null, [])));
        return new RecordingPlaces([ownPlace, .. others.OrderBy(p => p.Node, StringComparer.Ordinal)], overview is null ? NoBoard : null);
    }

    public async Task<PlaceAnswer<T>> AskAsync<T>(string place, IRecordingsQuestion question, CancellationToken cancellation)
        where T : class
    {
        // Two persons are asked for where the order is given; for this node's own recordings its vault does it itself.
        if (question is BeginVaultTask { IsLook: false, Approval: "" } task && place != own) return await BeginAsync<T>(place, task, cancellation);
        if (question is not OrderVault { Order: VaultOrder.Erase or VaultOrder.ReleaseHold, Approval: "" } order || place == own) return await SendAsync<T>(place, question, cancellation);
        var (what, unseen) = order.Order == VaultOrder.ReleaseHold ? await DescribeReleaseAsync<T>(place, order, cancellation) : (DescribeErasure(order), null);
        if (unseen is not null) return unseen;
        PlaceAnswer<T>? answer = null;
        var waits = await ApprovedAsync($"at node {place}: {what}", order, async approval =>
        {
            answer = await SendAsync<T>(place, order with { Approval = approval }, cancellation);
            return answer.Undone;
        });
        return answer ?? new PlaceAnswer<T>(new VaultOrdered(waits!.IsWaiting ? VaultOrderOutcome.Waits : VaultOrderOutcome.Refused, [.. waits.Lines], []) as T, null, null);
    }

    /// <summary>Does what the rule of two persons of this node allows.</summary>
    /// <param name="run">With the approval as it is told to other nodes; empty where none was asked for. Says why nothing at all was done, so that the approval is good once more; null where anything may have been.</param>
    /// <returns>Null where it was done; else what is to be told.</returns>
    public Task<VaultAnswer?> ApprovedAsync(string description, OrderVault order, Func<string, Task<string?>> run) => ApprovedAsync(ApprovalKind.Erase, description, order.By, run);

    private async Task<VaultAnswer?> ApprovedAsync(ApprovalKind kind, string description, Wire.Authorization.Principal by, Func<string, Task<string?>> run)
    {
        if (vault.Desk is not { } desk) return VaultAnswer.Refused(vault.Problem ?? "the vault is not there yet: the node is starting");
        try
        {
            var isDone = false;
            var answer = await desk.ApprovedAsync(kind, description, by, async approval =>
            {
                isDone = true;
                return await run(approval is null ? "" : $"{approval} at {own}") is { } undone ? VaultAnswer.Undone(undone) : VaultAnswer.Done("ordered");
            });
            return isDone ? null : answer;
        }
        catch (Exception e) when (e is RegisterException or VaultFileException)
        {
            return VaultAnswer.Refused(e.Message);
        }
    }

    /// <summary>First asks there what a second person would approve: what cannot be is refused before anybody is asked to.</summary>
    private async Task<PlaceAnswer<T>> BeginAsync<T>(string place, BeginVaultTask task, CancellationToken cancellation)
        where T : class
    {
        var look = await SendAsync<VaultOrdered>(place, task with { IsLook = true }, cancellation);
        if (look.Answer is not { Outcome: VaultOrderOutcome.Done, Lines: [var what, ..] }) return look.Answer is { Outcome: VaultOrderOutcome.Done } ? await SendAsync<T>(place, task, cancellation) : new PlaceAnswer<T>(look.Answer as T, look.Refused, look.Silence);
        PlaceAnswer<T>? answer = null;
        var kind = task.Task == VaultTask.Export || (task.Task == VaultTask.Trust && vault.Rules.Covers(ApprovalKind.Export)) ? ApprovalKind.Export : ApprovalKind.Erase;
        var waits = await ApprovedAsync(kind, $"at node {place}: {what}", task.By, async approval =>
        {
            answer = await SendAsync<T>(place, task with { Approval = approval }, cancellation);
            return answer.Undone;
        });
        return answer ?? new PlaceAnswer<T>(new VaultOrdered(waits!.IsWaiting ? VaultOrderOutcome.Waits : VaultOrderOutcome.Refused, [.. waits.Lines], []) as T, null, null);
    }

    /// <summary>As <see cref="AskAsync"/>, by who has asked for approvals already.</summary>
    internal async Task<PlaceAnswer<T>> SendAsync<T>(string place, IRecordingsQuestion question, CancellationToken cancellation)
        where T : class
    {
        if (place == own) return Read<T>(await here.AnswerAsync(question, null));
        if (!isServer || cluster() is not { } system) return Unasked<T>(place, "this node is in no cluster now");
        if (!Members().TryGetValue(place, out var address)) return Unasked<T>(place, "it is not in the cluster: is it on, and its link up?");
        var receiver = system.ActorSelection(new RootActorPath(address) / "user" / RecordingsActor.Name);
        if (question is EndRecording)
        {
            receiver.Tell(question);
            return new PlaceAnswer<T>(null, null, null);
        }

        // An order takes long where there is much to erase: whether anybody is there at all is found out first.
        if (question is OrderVault { By: var by } && await SendAsync<RecordingsListed>(place, new ListRecordings(by, new SiteId("none"), [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1)), cancellation) is { Silence: { } silence })
            return new PlaceAnswer<T>(null, null, silence) { IsUnasked = true };
        var patience = question is OrderVault ? s_patienceForOrders : s_patience;
        try
        {
            return Read<T>(await receiver.Ask<object>(question, patience, cancellation));
        }
        catch (AskTimeoutException)
        {
            return Silent<T>(place, $"nothing within {patience.TotalSeconds:0} s{(question is OrderVault ? "; it may still do what it was told" : "")}");
        }
    }

    private static string DescribeErasure(OrderVault order) =>
        $"erase recordings of {ScopeOf(order.Scope)}{(order.Cameras.IsEmpty ? "" : $", cameras {string.Join(", ", order.Cameras.Select(c => c.Value).Order(StringComparer.Ordinal))}")}: {order.Reason}";

    /// <summary>First asks there what the hold keeps, so that whoever approves knows what is erased by its age then.</summary>
    /// <returns>The text, or the answer where there is no such hold, or nobody tells.</returns>
    private async Task<(string What, PlaceAnswer<T>? Unseen)> DescribeReleaseAsync<T>(string place, OrderVault order, CancellationToken cancellation)
        where T : class
    {
        var look = await SendAsync<VaultDescribed>(place, new DescribeVault(order.By), cancellation);
        if (look.Answer is not { } there) return ("", new PlaceAnswer<T>(null, look.Refused, look.Silence) { IsUnasked = true });
        if (there.Holds.FirstOrDefault(h => h.Id == order.Id && h.Released is null) is not { } hold)
            return ("", new PlaceAnswer<T>(new VaultOrdered(VaultOrderOutcome.Refused, [$"there is no hold {PlainText.Of(order.Id, 40)} in force at node {place}, or it is not among the newest: trafficflow vault holds lists them there. Nothing was done"], []) { IsUndone = true } as T, null, null));
        return (PlainText.Of($"release {hold.Id} of {Minute(hold.Since)}, which keeps {ScopeOf(hold.Scope)} until {Minute(hold.Until)} ({hold.Reason}), and after which it is erased by its age: {order.Reason}", LongestDescription), null);
    }

    private static Vault.Erasure.EraseScope ScopeOf(RecordingScope scope) => new(scope.Site, scope.Camera, scope.From, scope.To);

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static PlaceAnswer<T> Read<T>(object? answer)
        where T : class => answer switch
        {
            T given => new PlaceAnswer<T>(given, null, null),
            RecordingsRefused refused => new PlaceAnswer<T>(null, refused, null),
            null => new PlaceAnswer<T>(null, null, null),
            _ => new PlaceAnswer<T>(null, new RecordingsRefused(RecordingsRefusal.Wrong, "it answers something else: is it of another version?"), null),
        };

    private static PlaceAnswer<T> Silent<T>(string place, string why)
        where T : class => new(null, null, $"node {place} does not answer: {why}");

    private static PlaceAnswer<T> Unasked<T>(string place, string why)
        where T : class => Silent<T>(place, why) with { IsUnasked = true };

    private static ImmutableArray<CameraId> CamerasOf(NodeReport report, SiteId? site) => [.. report.Cameras.Where(c => site is not { } s || c.Status.Site == s).Select(c => c.Status.Camera)];

    /// <summary>That may have a vault.</summary>
    private Dictionary<string, Address> Members() => cluster() is { } system && system.HasExtension<Akka.Cluster.Cluster>()
        ? Akka.Cluster.Cluster.Get(system).State.Members
            .Where(m => (m.HasRole(TrafficFlowRoles.Roadside) || m.HasRole(TrafficFlowRoles.Server)) && m.Status is Akka.Cluster.MemberStatus.Up or Akka.Cluster.MemberStatus.WeaklyUp && m.Address != Akka.Cluster.Cluster.Get(system).SelfAddress)
            .ToDictionary(m => $"{m.Address.Host}:{m.Address.Port}", m => m.Address)
        : [];
}
