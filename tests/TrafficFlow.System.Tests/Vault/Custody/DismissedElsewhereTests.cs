using Akka.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Registers;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Persons;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>Whoever is dismissed at one server loses the account at the others as well: each node keeps accounts of its own.</summary>
public sealed class DismissedElsewhereTests : IDisposable
{
    private static readonly RegisterAuthor s_hanako = new("hanako", "account[custodian]:hanako");

    private readonly VaultFolder _here = new();
    private readonly VaultFolder _there = new();
    private readonly List<AuditEvent> _audit = [];

    private PersonStore Here => new(_here.Path, _here.Accounts, _here.Clock);

    private PersonStore There => new(_there.Path, _there.Accounts, _there.Clock);

    [Fact]
    public async Task The_account_is_disabled_there_with_its_tokens_once_and_stays_so()
    {
        await AccountsAsync();
        await There.AppointAsync(s_hanako, "操作　太郎", "taro", Duty.Operator, _there.Clock.GetUtcNow());
        await _there.Accounts.ChangeAsync(list => (list.CreateToken("t1", "taro", new ApiScope(["kokandori"], [ApiUse.Read]), [Role.Operator], _there.Clock.GetUtcNow().AddDays(9), "x", _there.Clock.GetUtcNow()).List, true));
        var told = await DismissTaroAsync();

        Assert.Equal(new DismissalHeard("taro", DismissalOutcome.Done), Assert.Single((await HearAsync(told)).Heard));
        Assert.False(_there.Accounts.List().Find("taro")!.CanLogIn);
        Assert.NotNull(Assert.Single(_there.Accounts.List().Tokens).RevokedAt);
        Assert.Equal(AppointmentState.Dismissed, Assert.Single(There.Read().Appointments).State(_there.Clock.GetUtcNow()));
        Assert.Equal("account[custodian]:hanako@10.0.0.1:4053", Assert.Single(_audit).Account);

        // Told again: nothing is changed, and nothing is recorded twice.
        Assert.Equal(DismissalOutcome.Done, Assert.Single((await HearAsync(told)).Heard).Outcome);
        Assert.Single(_audit);
        Assert.True(There.Read().IsDismissed("taro", _there.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task An_account_of_nobody_in_the_register_there_is_disabled_too_and_one_that_is_not_there_is_none()
    {
        await AccountsAsync();
        var told = await DismissTaroAsync();
        Assert.Equal(DismissalOutcome.Done, Assert.Single((await HearAsync(told)).Heard).Outcome);
        Assert.False(_there.Accounts.List().Find("taro")!.CanLogIn);
        Assert.Equal(DismissalOutcome.NoAccount, Assert.Single((await HearAsync(told with { Persons = [told.Persons[0] with { Account = "nobody" }] })).Heard).Outcome);
    }

    [Fact]
    public async Task Who_was_appointed_there_since_is_another_person_or_the_last_custodian_stays_and_that_is_told()
    {
        await AccountsAsync();
        var told = await DismissTaroAsync();
        await There.AppointAsync(s_hanako, "別人 次郎", "taro", Duty.Operator, _there.Clock.GetUtcNow());
        Assert.Equal((DismissalOutcome.AnotherPerson, "taro is 別人 次郎's there"), Assert.Single((await HearAsync(told)).Heard) is var other ? (other.Outcome, other.Why) : default);
        Assert.True(_there.Accounts.List().Find("taro")!.CanLogIn);

        _there.Clock.Move(TimeSpan.FromHours(1));
        await There.AppointAsync(s_hanako, "管理 花子", "hanako", Duty.Custodian, _there.Clock.GetUtcNow());
        var custodian = new TellDismissals([new DismissedPerson("hanako", "管理 花子", _there.Clock.GetUtcNow().AddMinutes(5), "x", "account[custodian]:x")]);
        var held = Assert.Single((await HearAsync(custodian)).Heard);
        Assert.Equal(DismissalOutcome.Held, held.Outcome);
        Assert.Contains("last custodian", held.Why);
        Assert.True(_there.Accounts.List().Find("hanako")!.CanLogIn);
    }

    [Fact]
    public async Task Who_was_appointed_there_later_by_another_clock_stays_in_and_that_is_told_and_recorded_once()
    {
        await AccountsAsync();
        _there.Clock.Move(TimeSpan.FromHours(1));
        await There.AppointAsync(s_hanako, "操作 太郎", "taro", Duty.Operator, _there.Clock.GetUtcNow());
        var told = await DismissTaroAsync();
        var hearing = new HeardDismissals(There, RecordAsync);

        var heard = Assert.Single((await hearing.HearAsync(told, "10.0.0.1:4053")).Heard);
        Assert.Equal((DismissalOutcome.AppointedSince, $"appointed there on {_there.Clock.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm}Z: dismiss there too"), (heard.Outcome, heard.Why));
        Assert.True(_there.Accounts.List().Find("taro")!.CanLogIn);
        await hearing.HearAsync(told, "10.0.0.1:4053");
        var recorded = Assert.Single(_audit);
        Assert.Equal(("taro", "custody dismissal of another server"), (recorded.Target, recorded.Action));
        Assert.StartsWith("not done: appointed here after ", recorded.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dismissal_that_another_clock_keeps_from_being_done_is_a_problem_of_the_server_until_it_is_done_there()
    {
        await AccountsAsync();
        _there.Clock.Move(TimeSpan.FromHours(1));
        await There.AppointAsync(s_hanako, "操作 太郎", "taro", Duty.Operator, _there.Clock.GetUtcNow());
        await DismissTaroAsync();
        using var certificates = new TestCertificates();
        await using var server = await StartAsync(certificates, "server", [], new HeardDismissals(Here, RecordAsync));
        var own = Akka.Cluster.Cluster.Get(server.System).SelfAddress;
        await using var other = await StartAsync(certificates, "server2", [own.ToString()], new HeardDismissals(There, RecordAsync));
        var told = new ClusterDismissals($"{own.Host}:{own.Port}", () => Here.Read(), () => server.System, () => null, TimeProvider.System);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (told.Standing.Count == 0 || told.Standing[0].Silence is not null)
        {
            await told.LookAsync(limit.Token);
            await Task.Delay(100, limit.Token);
        }

        var standing = Assert.Single(told.Standing);
        Assert.False(standing.IsDone);
        Assert.Equal("taro", Assert.Single(standing.NotDone).Account);
        Assert.Contains("(taro: appointed there on ", told.Problem, StringComparison.Ordinal);
        Assert.StartsWith("そのノードでは ", SignedSentences.In("ja", standing.NotDone[0].Why), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dismissal_crosses_the_cluster_and_a_node_that_is_away_is_told_of()
    {
        await AccountsAsync();
        using var certificates = new TestCertificates();
        await using var server = await StartAsync(certificates, "server", [], new HeardDismissals(Here, RecordAsync));
        var own = Akka.Cluster.Cluster.Get(server.System).SelfAddress;
        await using var other = await StartAsync(certificates, "server2", [own.ToString()], new HeardDismissals(There, RecordAsync));
        var address = Akka.Cluster.Cluster.Get(other.System).SelfAddress;
        var told = new ClusterDismissals($"{own.Host}:{own.Port}", () => Here.Read(), () => server.System, () => null, TimeProvider.System);

        await told.LookAsync(TestContext.Current.CancellationToken);
        Assert.Empty(told.Standing);
        await DismissTaroAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (told.Standing.Count == 0 || !told.Standing[0].IsDone)
        {
            await told.LookAsync(limit.Token);
            await Task.Delay(100, limit.Token);
        }

        Assert.Equal($"{address.Host}:{address.Port}", Assert.Single(told.Standing).Node);
        Assert.Null(told.Problem);
        Assert.False(_there.Accounts.List().Find("taro")!.CanLogIn);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    private async Task AccountsAsync()
    {
        foreach (var folder in new[] { _here, _there })
        {
            await folder.AddAsync("hanako", Role.Custodian);
            await folder.AddAsync("taro", Role.Operator);
        }
    }

    private async Task<TellDismissals> DismissTaroAsync()
    {
        var now = _here.Clock.GetUtcNow();
        await Here.AppointAsync(s_hanako, "操作 太郎", "taro", Duty.Operator, now);
        await Here.DismissAsync(s_hanako, "taro", null, "left");
        var dismissed = Assert.Single(Here.Read().Dismissed(_here.Clock.GetUtcNow()));
        return new TellDismissals([new DismissedPerson(dismissed.Account!, dismissed.Person, dismissed.Dismissal!.EnteredAt, dismissed.Dismissal.By.Name, dismissed.Dismissal.By.Account)]);
    }

    private Task<DismissalsHeard> HearAsync(TellDismissals told) => new HeardDismissals(There, RecordAsync).HearAsync(told, "10.0.0.1:4053");

    private Task RecordAsync(AuditEvent e)
    {
        _audit.Add(e);
        return Task.CompletedTask;
    }

    private static Task<HostedActorSystem> StartAsync(TestCertificates certificates, string name, IReadOnlyList<string> seeds, IDismissals dismissals) =>
        HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka.WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], seeds, certificates.Node(name)))
            .WithDismissals(dismissals));
}
