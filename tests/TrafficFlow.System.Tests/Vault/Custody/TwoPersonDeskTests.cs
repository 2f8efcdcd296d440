using System.Security.Cryptography;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Authorization;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>What the desk of a vault asks two persons for, and who they may be.</summary>
public sealed class TwoPersonDeskTests : IAsyncLifetime
{
    private static readonly Principal s_root = new("root", "unix:root");

    private readonly VaultFolder _vault = new();
    private readonly VaultFolder _server = new();
    private readonly List<AuditEvent> _recorded = [];
    private readonly RecordingVault _recordings;
    private readonly RecordingVault _others;
    private TwoPersonRule _rule = TwoPersonRule.Both;

    public TwoPersonDeskTests()
    {
        _recordings = Open(_vault, "roadside");
        _others = Open(_server, "server");
        using var writer = (SegmentWriter)_recordings.Store.Begin(new SegmentStart(RecordedVault.Site, RecordedVault.Camera, RecordedVault.Noon.AddDays(-3), new FrameFormat(640, 360, 10), "0123456789abcdef", "test"));
        writer.Write(RecordedVault.Content(50_000));
        writer.Close(new SegmentEnd(RecordedVault.Noon.AddDays(-3).AddSeconds(60), 600, 0));
    }

    private CustodyBooks Books => NodeCustody.Open(_vault.Path, CustodySettings.Default, _vault.Accounts, () => [SyntheticJunction.Site with
    {
        Id = RecordedVault.Site,
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")]) { TwoPersons = _rule },
    }], null, _vault.Clock);

    private VaultDesk Desk => new(_recordings, RecordAsync, Books.Approvals, new PersonLogIn(_vault.Accounts, RecordAsync), _vault.Clock);

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, person, duty) in new[] { ("anna", "管理 花子", Duty.Custodian), ("berta", "管理 次郎", Duty.Custodian), ("carl", "操作 太郎", Duty.Operator) })
        {
            await _vault.AddAsync(name, duty == Duty.Custodian ? Role.Custodian : Role.Operator);
            await Books.Persons.AppointAsync(RegisterAuthor.Node, person, name, duty, _vault.Clock.GetUtcNow());
        }

        await _vault.AddAsync("dora", Role.Custodian);
    }

    [Fact]
    public async Task Root_of_the_machine_is_no_person_and_an_account_without_an_appointment_neither()
    {
        var erase = new VaultRequest("erase") { Site = "kokandori", Reason = "request 12" };

        var byRoot = await Desk.AnswerAsync(erase, s_root);
        Assert.Equal(VaultAnswer.OfRefused, byRoot.Outcome);
        Assert.Contains("unix:root is an account of the machine and no person", byRoot.Lines[0], StringComparison.Ordinal);
        Assert.Contains("dora is the account of nobody who has a duty now", (await Desk.AnswerAsync(As(erase, "dora"), s_root)).Lines[0], StringComparison.Ordinal);
        Assert.Contains("wrong", (await Desk.AnswerAsync(As(erase, "anna") with { AsPassword = "x" }, s_root)).Lines[0], StringComparison.Ordinal);
        // A user of the machine by the name of a person's account is not that person.
        Assert.Contains("unix:anna is an account of the machine", (await Desk.AnswerAsync(erase, new Principal("anna", "unix:anna"))).Lines[0], StringComparison.Ordinal);
        Assert.Empty(Books.Approvals.Read().Approvals);
        Assert.Single(_recordings.Recorded.List());
    }

    [Fact]
    public async Task One_person_asks_another_one_who_is_custodian_approves_and_it_is_done_once_and_named_in_the_audit()
    {
        var erase = As(new VaultRequest("erase") { Site = "kokandori", Reason = "request 12" }, "carl");
        Assert.Contains("r1 is requested", (await Desk.AnswerAsync(erase, s_root)).Lines[0], StringComparison.Ordinal);
        var asked = Books.Approvals.Read().Get("r1");
        Assert.Equal(("操作 太郎", "account[operator]:carl"), (asked.Person, asked.By.Account));
        Assert.Contains("another person has to approve it", (await Refused(() => ApproveAsync("carl"))).Message, StringComparison.Ordinal);
        Assert.Contains("account of nobody", (await Refused(() => ApproveAsync("dora"))).Message, StringComparison.Ordinal);
        await ApproveAsync("anna");

        var done = await Desk.AnswerAsync(erase, s_root);

        Assert.Equal(VaultAnswer.OfDone, done.Outcome);
        Assert.Empty(_recordings.Recorded.List());
        Assert.Equal("r1", ReceiptOf(done).Order.Approval);
        Assert.Contains(_recorded, e => e is { Action: "vault erase", Account: "account[operator]:carl", Outcome: "done" });
        Assert.Contains(_recorded, e => e is { Kind: AuditKind.LogIn, Action: "log-in at a terminal", Target: "carl", Details: "unix:root" });
        Assert.Empty(_vault.Accounts.List().Get("carl").Devices);
        Assert.Contains("is requested", (await Desk.AnswerAsync(erase, s_root)).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_was_dismissed_meanwhile_neither_approves_nor_does_it()
    {
        var erase = As(new VaultRequest("erase") { Site = "kokandori", Reason = "request 12" }, "berta");
        await Desk.AnswerAsync(erase, s_root);
        await ApproveAsync("anna");
        await Books.Persons.DismissAsync(RegisterAuthor.Node, "berta", null, "left");

        Assert.Equal(VaultAnswer.OfRefused, (await Desk.AnswerAsync(erase, s_root)).Outcome);
        Assert.Single(_recordings.Recorded.List());
    }

    [Fact]
    public async Task Where_only_erasure_asks_for_two_persons_trust_and_confirmation_do_too()
    {
        _rule = TwoPersonRule.Erase;
        var (identity, known) = _others.Identity();
        var trust = As(new VaultRequest("trust") { File = identity, Other = known.Fingerprint }, "carl");
        Assert.Contains("is requested", (await Desk.AnswerAsync(trust, s_root)).Lines[0], StringComparison.Ordinal);
        await ApproveAsync("anna");
        Assert.Equal(VaultAnswer.OfDone, (await Desk.AnswerAsync(trust, s_root)).Outcome);
        Assert.Contains(_recorded, e => e.Action == "vault trust" && e.Target == known.Fingerprint);
        var confirmation = await CarriedAsync();

        var confirm = As(new VaultRequest("confirm") { File = confirmation }, "carl");
        Assert.Contains("is requested", (await Desk.AnswerAsync(confirm, s_root)).Lines[0], StringComparison.Ordinal);
        Assert.Single(_recordings.Recorded.List());
        await ApproveAsync("anna");
        Assert.Contains("1 were erased here now", (await Desk.AnswerAsync(confirm, s_root)).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_is_written_once_more_is_approved_and_stands_in_the_ledger()
    {
        _rule = TwoPersonRule.Erase;
        _recordings.Trusted.Add(_others.Identity().Identity, _others.Identity().Identity.Fingerprint, "tanaka");
        await CarriedAsync();
        _rule = TwoPersonRule.Both;
        var again = As(new VaultRequest("export") { Id = _recordings.Exports[0].Bundle, Volume = 1, Path = Disk("second") }, "carl");

        Assert.Contains("is requested", (await Desk.AnswerAsync(again, s_root)).Lines[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Disk("second")));
        await ApproveAsync("anna");
        Assert.Equal(VaultAnswer.OfDone, (await Desk.AnswerAsync(again, s_root)).Outcome);

        Assert.Equal(2, _recordings.Copies.All.Count);
        Assert.Contains("written once more into " + Disk("second"), _recordings.Copies.All[1].Where, StringComparison.Ordinal);
        Assert.Contains(_recorded, e => e.Action == "vault export" && e.Target.EndsWith($"to {Disk("second")}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_segment_that_goes_to_standard_output_is_approved_and_stands_in_the_ledger_as_one_to_a_file_does()
    {
        var place = _recordings.Recorded.List().Single().Place.ToString();
        var play = As(new VaultRequest("play") { Id = place, Path = VaultRequest.StandardOutput }, "carl");

        Assert.Contains("account of the machine and no person", (await Assert.ThrowsAsync<RegisterException>(() => Desk.OpenAsync(play with { As = null }, s_root))).Message, StringComparison.Ordinal);
        Assert.Contains("r1 is requested", (await Assert.ThrowsAsync<SegmentStoreException>(() => Desk.OpenAsync(play, s_root))).Message, StringComparison.Ordinal);
        Assert.Empty(_recordings.Copies.All);
        Assert.Equal($"copy segment {place} in clear to standard output", Books.Approvals.Read().Get("r1").Description);
        await ApproveAsync("anna");
        await using (var pictures = await Desk.OpenAsync(play, s_root)) Assert.True(pictures.Length > 0);

        var copy = Assert.Single(_recordings.Copies.All);
        Assert.Equal((CopyKind.Export, "carl", "in clear, standard output of a command of carl: wherever that was piped to"), (copy.Kind, copy.By, copy.Where));
        Assert.Contains(_recorded, e => e is { Kind: AuditKind.Export, Action: "vault play", Details: "standard output" });
        Assert.DoesNotContain(_recorded, e => e.Kind == AuditKind.View);
    }

    [Fact]
    public async Task Nothing_is_opened_in_clear_for_one_who_does_not_say_where_it_goes()
    {
        _rule = TwoPersonRule.Off;

        var refused = await Refused(async () => await Desk.OpenAsync(new VaultRequest("play") { Id = _recordings.Recorded.List().Single().Place.ToString() }, s_root));

        Assert.Contains("say where the pictures go", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_recorded);
    }

    [Fact]
    public async Task Frames_for_learning_are_for_a_custodian_who_logs_in_whatever_the_rule_says_and_each_view_is_by_that_person()
    {
        _rule = TwoPersonRule.Off;
        var learn = new VaultRequest("learn") { Site = RecordedVault.Site.Value, Path = "/mnt/set" };
        foreach (var other in new[] { learn, As(learn, "carl") })
        {
            var refused = await Desk.AnswerAsync(other, s_root);
            Assert.Equal(VaultAnswer.OfRefused, refused.Outcome);
            Assert.Contains("by a custodian (管理責任者) alone", refused.Lines[0], StringComparison.Ordinal);
        }

        Assert.Empty(_recordings.Copies.All);
        var desk = Desk;
        var given = await desk.AnswerAsync(As(learn, "anna"), s_root);
        Assert.True(given.Outcome == VaultAnswer.OfDone, given.Lines[0]);
        var ticket = given.Lines[0].Split('\t')[2];
        await using (var pictures = await desk.OpenAsync(new VaultRequest("play") { Id = given.Lines[1], Ticket = ticket }, s_root)) Assert.True(pictures.Length > 0);

        Assert.Contains(_recorded, e => e is { Kind: AuditKind.View, Action: "vault play", Account: "account[custodian]:anna", Details: "set for learning copy-1" });
        Assert.Contains("not of the set copy-1", (await Refused(async () => await desk.OpenAsync(new VaultRequest("play") { Id = "kokandori/cam9/20261129T120000.000Z", Ticket = ticket }, s_root))).Message, StringComparison.Ordinal);
        Assert.Contains("was not begun here", (await Refused(async () => await desk.OpenAsync(new VaultRequest("play") { Id = given.Lines[1], Ticket = "0" }, s_root))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_is_released_by_two_persons_as_what_it_kept_is_erased_then()
    {
        var hold = _recordings.Holds.Add(new EraseScope(RecordedVault.Site), "police 4711", "anna", _vault.Clock.GetUtcNow().AddDays(30));
        var release = As(new VaultRequest("release") { Id = hold.Id, Reason = "closed" }, "carl");

        Assert.Contains("there is no hold hold-9 in force", (await Desk.AnswerAsync(release with { Id = "hold-9" }, s_root)).Lines[0], StringComparison.Ordinal);
        Assert.Contains("r1 is requested", (await Desk.AnswerAsync(release, s_root)).Lines[0], StringComparison.Ordinal);
        Assert.True(_recordings.Holds.IsInForce(_recordings.Holds.All[0]));
        var asked = Books.Approvals.Read().Get("r1");
        Assert.Equal(ApprovalKind.Erase, asked.Kind);
        Assert.Matches(@"^release hold-1 of .*, which keeps site kokandori until .* \(police 4711\): closed$", asked.Description);
        await ApproveAsync("anna");
        Assert.Equal(VaultAnswer.OfDone, (await Desk.AnswerAsync(release, s_root)).Outcome);
        Assert.False(_recordings.Holds.IsInForce(_recordings.Holds.All[0]));
    }

    [Fact]
    public async Task A_way_to_the_key_is_tried_noted_and_told_when_it_was_not_for_long()
    {
        _rule = TwoPersonRule.Off;
        _recordings.Keys.AddSlot(SlotRequest.Of("drawer", new PassphraseSecret("correct horse battery staple seven")));
        Assert.Contains((await Desk.AnswerAsync(new VaultRequest("status"), s_root)).Lines, l => l.Contains("\"drawer\"", StringComparison.Ordinal) && l.EndsWith("never tried since", StringComparison.Ordinal));
        var prove = new VaultRequest("prove") { Passphrase = "correct horse battery staple seven" };

        Assert.Contains("does not open the vault", (await Desk.AnswerAsync(prove with { Passphrase = "another one that is long enough" }, s_root)).Lines[0], StringComparison.Ordinal);
        Assert.Contains("opens the vault: it is to be tried again by", (await Desk.AnswerAsync(prove, s_root)).Lines[0], StringComparison.Ordinal);

        Assert.Contains((await Desk.AnswerAsync(new VaultRequest("status"), s_root)).Lines, l => l.Contains("\"drawer\"", StringComparison.Ordinal) && l.EndsWith("by root", StringComparison.Ordinal));
        Assert.Contains(_recorded, e => e is { Action: "vault key prove", Outcome: "done" });
        _vault.Clock.Move(TimeSpan.FromDays(181));
        Assert.Contains((await Desk.AnswerAsync(new VaultRequest("status"), s_root)).Lines, l => l.Contains("\"drawer\"", StringComparison.Ordinal) && l.EndsWith("OVERDUE: trafficflow vault prove --passphrase", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        _recordings.Dispose();
        _others.Dispose();
        _vault.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Written, and taken in at the server.</summary>
    private async Task<byte[]> CarriedAsync()
    {
        Assert.Equal(VaultAnswer.OfDone, (await Desk.AnswerAsync(new VaultRequest("export") { Other = "server", Path = Disk("first") }, s_root)).Outcome);
        _others.Trusted.Add(_recordings.Identity().Identity, _recordings.Identity().Identity.Fingerprint, "suzuki");
        var folder = Assert.Single(Directory.GetDirectories(Disk("first")));
        Assert.Empty(_others.Import(folder).Problems);
        return await File.ReadAllBytesAsync(Path.Combine(folder, "CONFIRMATION"), TestContext.Current.CancellationToken);
    }

    private string Disk(string name) => Directory.CreateDirectory(Path.Combine(_vault.Path, $"disk-{name}")).FullName;

    private Task ApproveAsync(string account)
    {
        var asked = Books.Approvals.Read().Approvals[^1];
        return Books.Approvals.ApproveAsync(asked.Id, asked.Sha256, new RegisterAuthor(account, $"account[custodian]:{account}"));
    }

    private static VaultRequest As(VaultRequest request, string account) => request with { As = account, AsPassword = VaultFolder.GoodPassword };

    private static Task<RegisterException> Refused(Func<Task> change) => Assert.ThrowsAsync<RegisterException>(change);

    private ErasureReceipt ReceiptOf(VaultAnswer done) => ReceiptFile.Verify(File.ReadAllBytes(Path.Combine(_vault.Path, "vault", "receipts", Path.GetFileName(done.Lines[^1].Split(' ')[^1]))), new AuditPlace(_vault.Path).PublicKeys());

    private Task<bool> RecordAsync(AuditEvent e)
    {
        lock (_recorded) _recorded.Add(e);
        return Task.FromResult(true);
    }

    private static RecordingVault Open(VaultFolder folder, string node)
    {
        var vault = new RecordingVault(folder.Path, node, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), folder.Clock);
        using var secret = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        return vault;
    }
}
