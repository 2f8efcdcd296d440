using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;
using Xunit;
using ListingOf = TrafficFlow.Wire.Recordings.RecordingsListed;

namespace TrafficFlow.SystemTests.Vault.Remote;

/// <summary>A request of the public, handled at a server that has recorded nothing itself.</summary>
public sealed class RemoteRequestTests
{
    private static readonly Principal s_anna = new("anna", "account[custodian]:anna");
    private static readonly RegisterAuthor s_author = new("anna", "account[custodian]:anna");
    private static readonly Caller s_caller = new("anna", new HashSet<Role> { Role.Custodian }, "session");

    [Fact]
    public async Task The_search_finds_what_is_at_the_roadside_and_says_where_nobody_looked()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000, 1000]);
        nodes.RoadsideVault.Holds.Add(new TrafficFlow.Vault.Erasure.EraseScope(TwoNodes.Site.Id, TwoNodes.Camera, TwoNodes.Noon.AddMinutes(2), null), "accident", "anna", TimeProvider.System.GetUtcNow().AddDays(5));

        var found = await FindAsync(nodes);

        Assert.Equal([(TwoNodes.Camera.Value, TwoNodes.Noon.AddMinutes(1), nodes.RoadsideName, (string?)null), (TwoNodes.Camera.Value, TwoNodes.Noon.AddMinutes(2), nodes.RoadsideName, "hold-1: accident")], found.Segments.Select(s => (s.Camera, s.From, s.Where, s.HeldBecause)));
        Assert.Empty(found.Unseen);

        var first = nodes.Recorded[0].Place;
        var rest = await nodes.Cluster.SendAsync<ListingOf>(nodes.RoadsideName, new TrafficFlow.Wire.Recordings.ListRecordings(s_anna, TwoNodes.Site.Id, [], TwoNodes.Noon, TwoNodes.Noon.AddHours(1), $"{first.Camera}/{first.Name}"), TestContext.Current.CancellationToken);
        Assert.Equal(nodes.Recorded.Skip(1).Select(r => r.Place.Name), rest.Answer!.Segments.Select(s => s.Name));
        Assert.Equal("", rest.Answer.Next);

        nodes.Link.IsSilent = true;
        found = await FindAsync(nodes);
        Assert.Empty(found.Segments);
        var unseen = Assert.Single(found.Unseen);
        Assert.Equal(nodes.RoadsideName, unseen.Where);
        Assert.Contains("does not answer", unseen.Why);
        Assert.Contains(TwoNodes.Camera.Value, unseen.Cameras);

        await nodes.KillRoadsideAsync();
        // Known from its reports, be it gone from the cluster or not.
        Assert.Contains((await FindAsync(nodes)).Unseen, u => u.Where == nodes.RoadsideName);
    }

    [Fact]
    public async Task Each_row_names_the_hold_and_carries_the_beginning_of_a_long_reason_alone()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var reason = $"{new string('事', 79)}\U0001F6B2{new string('故', 900)}";
        nodes.RoadsideVault.Holds.Add(new TrafficFlow.Vault.Erasure.EraseScope(TwoNodes.Site.Id), reason, "anna", TimeProvider.System.GetUtcNow().AddDays(5));

        var listed = await nodes.Cluster.SendAsync<ListingOf>(nodes.RoadsideName, new TrafficFlow.Wire.Recordings.ListRecordings(s_anna, TwoNodes.Site.Id, [], TwoNodes.Noon, TwoNodes.Noon.AddHours(1)), TestContext.Current.CancellationToken);

        // Thousands of rows are one message, which has its bound.
        Assert.Equal($"hold-1: {new string('事', 79)}…", Assert.Single(listed.Answer!.Segments).HeldBecause);
    }

    [Fact]
    public async Task Nobody_is_told_that_nothing_was_found_of_a_camera_whose_node_was_never_heard()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var more = TwoNodes.Site with { Cameras = [.. TwoNodes.Site.Cameras, TwoNodes.Site.Cameras[0] with { Id = new("cam-roof") }] };

        var found = await new TrafficFlow.Node.Recordings.RecordingDesk(nodes.Cluster, () => [more]).OverlappingAsync(TwoNodes.Site.Id.Value, ["cam-roof"], TwoNodes.Noon, TwoNodes.Noon.AddMinutes(1), s_anna, TestContext.Current.CancellationToken);

        Assert.Empty(found.Segments);
        Assert.Contains("no node that answered has the camera cam-roof", Assert.Single(found.Unseen).Why);
    }

    [Fact]
    public async Task An_erasure_reaches_the_roadside_and_one_that_reached_a_part_alone_is_not_granted_in_full()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000, 1000]);
        using var folder = new Settings.SettingsFolder();
        var (desk, requests) = Desk(folder.Path, nodes);
        await ReceiveAsync(requests, TwoNodes.Noon.AddMinutes(1), TwoNodes.Noon.AddMinutes(2));

        // The part that is here first: it stands in for what was carried by hand.
        nodes.Link.IsSilent = true;
        var refused = await Assert.ThrowsAsync<RegisterException>(() => desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken));
        Assert.Contains($"NOT ERASED: {nodes.RoadsideName} was not looked at", refused.Message);
        Assert.Empty(requests.Read().Get("q1").Receipts);
        Assert.Contains("was not looked at", (await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", RequestOutcome.NothingHeld, "nothing is held", ""))).Message);
        await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", RequestOutcome.Granted, "done", ""));

        nodes.Link.IsSilent = false;
        var receipt = await desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken);

        Assert.Equal(receipt, Path.GetFileNameWithoutExtension(Assert.Single(nodes.RoadsideVault.Receipts)));
        Assert.Null(requests.Read().Get("q1").Left);
        var left = nodes.RoadsideVault.Recorded.List().Where(s => s.State == TrafficFlow.Vault.Segments.SegmentState.Whole).Select(s => s.From);
        Assert.Equal([TwoNodes.Noon, TwoNodes.Noon.AddMinutes(2)], left);
        await desk.AnswerAsync(s_caller, "q1", RequestOutcome.Granted, "erased", "");
    }

    [Fact]
    public async Task A_part_that_was_left_bars_the_full_grant_until_it_is_erased_too()
    {
        using var folder = new Settings.SettingsFolder();
        var erasure = new Parts(new ErasureAnswer("r-1", "erased here; NOT ERASED: 10.0.0.2:4053 was not looked at", "10.0.0.2:4053 was not looked at"), new ErasureAnswer(null, "nothing of it is recorded at any node of the site"));
        var requests = new RequestStore(folder.Path, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), TimeProvider.System);
        var desk = new CustodyDesk(new CustodyBooks(null!, null!, null!, requests, null, erasure) { Policies = new PolicyStore(folder.Path, () => [], TimeProvider.System) }, _ => Task.FromResult(true), TimeProvider.System);
        await ReceiveAsync(requests, TwoNodes.Noon, TwoNodes.Noon.AddMinutes(1));
        await ReceiveAsync(requests, TwoNodes.Noon, TimeProvider.System.GetUtcNow().AddHours(1));

        Assert.Contains("is not over yet", (await Assert.ThrowsAsync<RegisterException>(() => desk.EraseAsync(s_caller, "q2", TestContext.Current.CancellationToken))).Message);
        await desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken);
        foreach (var outcome in new[] { RequestOutcome.Granted, RequestOutcome.NothingHeld })
            Assert.Contains("10.0.0.2:4053 was not looked at", (await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", outcome, "done", ""))).Message);
        // A receipt that somebody enters by hand does not say that all is gone.
        await desk.EnterReceiptAsync(s_caller, "q1", "r-2", "by the verb");
        await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", RequestOutcome.Granted, "done", ""));

        await desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken);

        Assert.Equal(["r-1", "r-2"], new RequestStore(folder.Path, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), TimeProvider.System).Read().Get("q1").Receipts);
        await desk.AnswerAsync(s_caller, "q1", RequestOutcome.Granted, "done", "");
    }

    [Fact]
    public async Task An_erasure_that_reached_nothing_bars_that_nothing_is_held_until_one_has_looked_everywhere()
    {
        using var folder = new Settings.SettingsFolder();
        var away = new ErasureAnswer(null, "NOT ERASED: 10.0.0.2:4053 was not looked at", "10.0.0.2:4053 was not looked at");
        var erasure = new Parts(away, new ErasureAnswer(null, "this takes two persons here", IsBegun: false), new ErasureAnswer(null, "nothing of it is recorded at any node of the site"));
        var requests = new RequestStore(folder.Path, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), TimeProvider.System);
        var audit = new List<TrafficFlow.Vault.Audit.AuditEvent>();
        var desk = new CustodyDesk(new CustodyBooks(null!, null!, null!, requests, null, erasure) { Policies = new PolicyStore(folder.Path, () => [], TimeProvider.System) }, e =>
        {
            audit.Add(e);
            return Task.FromResult(true);
        }, TimeProvider.System);
        await ReceiveAsync(requests, TwoNodes.Noon, TwoNodes.Noon.AddMinutes(1));

        // Away, and then nobody has approved: neither says anything of what is there.
        foreach (var _ in new[] { 1, 2 })
        {
            await Assert.ThrowsAsync<RegisterException>(() => desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken));
            var asked = Read().Get("q1");
            Assert.Equal((away.Left, 0), (asked.Left, asked.Receipts.Length));
            foreach (var outcome in new[] { RequestOutcome.Granted, RequestOutcome.NothingHeld })
                await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", outcome, "done", ""));
        }

        Assert.Contains("q1 is not erased (10.0.0.2:4053 was not looked at)", (await Assert.ThrowsAsync<RegisterException>(() => desk.AnswerAsync(s_caller, "q1", RequestOutcome.NothingHeld, "done", ""))).Message);
        Assert.StartsWith("entry 2 ", audit[0].Details, StringComparison.Ordinal);
        Assert.Contains("nothing of it is recorded", (await Assert.ThrowsAsync<RegisterException>(() => desk.EraseAsync(s_caller, "q1", TestContext.Current.CancellationToken))).Message);
        Assert.Null(Read().Get("q1").Left);
        await desk.AnswerAsync(s_caller, "q1", RequestOutcome.NothingHeld, "nothing is held", "");

        RequestRegister Read() => new RequestStore(folder.Path, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), TimeProvider.System).Read();
    }

    [Fact]
    public async Task Two_persons_are_asked_for_once_and_the_roadside_hears_who_approved()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000], policy: TwoPersonRule.Erase);
        var order = new ErasureOrder("q1", TwoNodes.Site.Id.Value, [], TwoNodes.Noon, TwoNodes.Noon.AddMinutes(1));

        var waits = await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken);
        Assert.Null(waits.ReceiptId);
        Assert.Contains("this takes two persons here", waits.Message);
        Assert.Empty(nodes.RoadsideVault.Receipts);
        await nodes.ServerApprovals.ApproveAsync("r1", Approval.HashOf(order.Describe()), new RegisterAuthor("berta", "account[custodian]:berta"));
        var done = await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken);

        Assert.Null(done.Left);
        var receipt = TrafficFlow.Vault.Erasure.ReceiptFile.Verify(await File.ReadAllBytesAsync(Assert.Single(nodes.RoadsideVault.Receipts), TestContext.Current.CancellationToken), new TrafficFlow.Vault.Audit.AuditPlace(nodes.RoadsideData).PublicKeys());
        Assert.StartsWith("r1 at 127.0.0.1:", receipt.Order.Approval, StringComparison.Ordinal);
        Assert.StartsWith("account[custodian]:anna@127.0.0.1:", receipt.Order.Account, StringComparison.Ordinal);
        Assert.Empty(nodes.RoadsideApprovals.Read().Approvals);
    }

    [Fact]
    public async Task An_approval_is_good_once_more_where_every_roadside_was_away_and_used_up_where_one_may_have_begun()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000], policy: TwoPersonRule.Erase);
        var order = new ErasureOrder("q1", TwoNodes.Site.Id.Value, [], TwoNodes.Noon, TwoNodes.Noon.AddMinutes(1));
        await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken);
        await nodes.ServerApprovals.ApproveAsync("r1", Approval.HashOf(order.Describe()), new RegisterAuthor("berta", "account[custodian]:berta"));

        // It takes the question whether it is there, and answers nothing: nobody gives it the order.
        nodes.Link.IsSilent = true;
        var away = await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken);
        Assert.Null(away.ReceiptId);
        Assert.Contains("does not answer", away.Left);
        Assert.Equal((ApprovalState.Approved, null), (nodes.ServerApprovals.Read().Get("r1").State, nodes.ServerApprovals.Read().Get("r1").Outcome));

        nodes.Link.IsSilent = false;
        var done = await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken);
        Assert.NotNull(done.ReceiptId);
        Assert.Equal(ApprovalState.Used, nodes.ServerApprovals.Read().Get("r1").State);
        Assert.Single(nodes.ServerApprovals.Read().Approvals);

        // What is done is done once.
        Assert.Contains("this takes two persons here", (await nodes.Desk.EraseAsync(order, s_author, TestContext.Current.CancellationToken)).Message);
        Assert.Single(nodes.RoadsideVault.Receipts);
    }

    [Fact]
    public async Task A_hold_at_the_roadside_is_released_from_a_page_of_the_server_by_two_persons_who_are_asked_there()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Erase);
        var hold = nodes.RoadsideVault.Holds.Add(new TrafficFlow.Vault.Erasure.EraseScope(TwoNodes.Site.Id), "police 4711", "anna", TimeProvider.System.GetUtcNow().AddDays(5));
        var order = new OrderVault(s_anna, VaultOrder.ReleaseHold, new RecordingScope(), [], hold.Id, "closed");

        var waits = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, order, TestContext.Current.CancellationToken);
        Assert.Equal(VaultOrderOutcome.Waits, waits.Answer!.Outcome);
        Assert.True(nodes.RoadsideVault.Holds.IsInForce(nodes.RoadsideVault.Holds.All[0]));
        var asked = nodes.ServerApprovals.Read().Get("r1");
        Assert.Equal(
            (ApprovalKind.Erase, $"at node {nodes.RoadsideName}: release hold-1 of {hold.Since.UtcDateTime:yyyy-MM-dd HH:mm}Z, which keeps {hold.Scope} until {hold.Until.UtcDateTime:yyyy-MM-dd HH:mm}Z (police 4711), and after which it is erased by its age: closed"),
            (asked.Kind, asked.Description));
        await nodes.ServerApprovals.ApproveAsync("r1", asked.Sha256, new RegisterAuthor("berta", "account[custodian]:berta"));

        // What cannot be recorded there is not done, and the approval is good once more.
        nodes.RoadsideAuditWorks = false;
        var undone = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, order, TestContext.Current.CancellationToken);
        Assert.Equal((VaultOrderOutcome.Failed, true), (undone.Answer!.Outcome, undone.Answer.IsUndone));
        Assert.Equal(ApprovalState.Approved, nodes.ServerApprovals.Read().Get("r1").State);
        nodes.RoadsideAuditWorks = true;
        var done = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, order, TestContext.Current.CancellationToken);

        Assert.Equal(VaultOrderOutcome.Done, done.Answer!.Outcome);
        Assert.StartsWith("hold-1 is released, as r1 at 127.0.0.1:", done.Answer.Lines[^1], StringComparison.Ordinal);
        Assert.False(nodes.RoadsideVault.Holds.IsInForce(nodes.RoadsideVault.Holds.All[0]));
        Assert.Empty(nodes.RoadsideApprovals.Read().Approvals);
    }

    [Fact]
    public async Task A_hold_that_is_not_there_is_refused_before_anybody_is_asked_to_approve_its_release()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Erase);

        var refused = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, new OrderVault(s_anna, VaultOrder.ReleaseHold, new RecordingScope(), [], "hold-7", "closed"), TestContext.Current.CancellationToken);

        Assert.Equal(VaultOrderOutcome.Refused, refused.Answer!.Outcome);
        Assert.StartsWith("there is no hold hold-7 in force at node", refused.Answer.Lines[0], StringComparison.Ordinal);
        Assert.Empty(nodes.ServerApprovals.Read().Approvals);
    }

    private static Task<FoundRecordings> FindAsync(TwoNodes nodes) =>
        nodes.Desk.OverlappingAsync(TwoNodes.Site.Id.Value, [], TwoNodes.Noon.AddMinutes(1), TwoNodes.Noon.AddMinutes(3), s_anna, TestContext.Current.CancellationToken);

    private static (CustodyDesk, RequestStore) Desk(string folder, TwoNodes nodes)
    {
        var requests = new RequestStore(folder, _ => RequestTerms.Default, _ => WorkCalendar.National, TimeSpan.FromDays(180), TimeProvider.System);
        return (new CustodyDesk(new CustodyBooks(null!, null!, null!, requests, nodes.Desk, nodes.Desk) { Policies = new PolicyStore(folder, () => [], TimeProvider.System) }, _ => Task.FromResult(true), TimeProvider.System), requests);
    }

    private static Task<PublicRequest> ReceiveAsync(RequestStore requests, DateTimeOffset from, DateTimeOffset to)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return requests.ReceiveAsync(s_author, RequestKind.Erasure, today, new RequestedSpan(TwoNodes.Site.Id.Value, [], from, to), "a van", new RequesterContact("", "", "", ""), today);
    }

    private sealed class Parts(params IEnumerable<ErasureAnswer> answers) : IErasureDesk
    {
        private readonly Queue<ErasureAnswer> _answers = new(answers);

        public Task<ErasureAnswer> EraseAsync(ErasureOrder order, RegisterAuthor by, CancellationToken cancellation) => Task.FromResult(_answers.Dequeue());
    }
}
