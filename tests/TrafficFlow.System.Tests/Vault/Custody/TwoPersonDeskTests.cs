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
