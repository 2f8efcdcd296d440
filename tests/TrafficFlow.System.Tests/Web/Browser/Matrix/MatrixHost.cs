using System.Net;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Web.Analysis;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Audit;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>A web host with all that pages can show, for the sites of the matrix: real tables, accounts, audit and scores. It can be stopped and started anew on its port.</summary>
internal sealed class MatrixHost : IAsyncDisposable
{
    public const string Password = "three grey herons on a roof";

    private readonly SettingsFolder _folder = new();
    private readonly AccountStore _store;
    private WebHost? _host;

    private MatrixHost()
    {
        _store = AccountStore.Open(_folder.Path, TimeProvider.System);
        Sessions = new Sessions(_store, SessionLimits.Default);
        Callers = new AccountCallers(_store, Sessions, new Login(_store, Sessions), new ApiTokens(_store), _ => Task.CompletedTask);
    }

    public Sessions Sessions { get; }

    public MatrixRecordings Recordings { get; } = new();

    public AccountCallers Callers { get; }

    public Uri Address { get; private set; } = null!;

    /// <param name="with">Of what the node has besides; kept over a restart.</param>
    /// <param name="isFilled">False for accounts alone: no days in its tables, no audit, no scores.</param>
    public static async Task<MatrixHost> StartAsync(Func<WebPorts, WebPorts>? with = null, bool isFilled = true)
    {
        var host = new MatrixHost { With = with };
        await host.FillAccountsAsync();
        await new FlowTables(host.Journal).MigrateAsync(CancellationToken.None);
        if (isFilled) await host.FillAsync();
        await host.StartAgainAsync();
        return host;
    }

    private Func<WebPorts, WebPorts>? With { get; init; }

    private NoticeDesk Notices => new(new NoticeShelf(NoticeShelf.FolderIn(_folder.Path)), _ => [new NoticePerson("管理 花子", Duty.Custodian, new DateOnly(2027, 3, 1))], TimeProvider.System);

    private SqliteJournal Journal => new(Path.Combine(_folder.Path, "journal.db"));

    public async Task StartAgainAsync()
    {
        var health = new MatrixHealth();
        _host = await WebHost.StartAsync(Callers, MatrixSites.All, topics: new MatrixTopics(), tables: Journal, port: Address?.Port ?? 0, with: ports => (With ?? (p => p))(ports with
        {
            Health = () => health,
            Node = health,
            Audit = new AuditBook(new AuditPlace(_folder.Path), []),
            Scores = new ScoreFolder(Path.Combine(_folder.Path, "scores")),
            Marking = new MatrixDesk(),
            Custody = MatrixCustody.Open(_folder.Path, _store),
            Notices = Notices,
            Recordings = Recordings,
            Studies = new StudiesInMemory(StudySample.Of(MatrixSites.Heavy), StudySample.Of(MatrixSites.Blind)),
        }));
        Address = _host.Server.Address!;
    }

    public async Task StopAsync()
    {
        if (_host is { } host) await host.DisposeAsync();
        _host = null;
    }

    /// <summary>The cookie of a log-in, as a browser has it afterwards.</summary>
    public async Task<string> SignInAsync(string name)
    {
        var result = await new Login(_store, Sessions).TryAsync(new LogInRequest(name, Password, null, null, IPAddress.Loopback));
        return result.Session!.Text;
    }

    private async Task FillAsync()
    {
        await MatrixSites.WriteAsync(new FlowTables(Journal), DateTimeOffset.UtcNow);
        await FillAuditAsync();
        var scores = new ScoreFolder(Path.Combine(_folder.Path, "scores")).Of(MatrixSites.Heavy.Id);
        Directory.CreateDirectory(scores);
        await File.WriteAllTextAsync(Path.Combine(scores, "2026-10-14 morning.json"), Score);
        await File.WriteAllTextAsync(Path.Combine(scores, "damaged.json"), "{}");
        await MatrixCustody.FillAsync(MatrixCustody.Open(_folder.Path, _store));
        for (var i = 0; i < 2; i++) await Notices.PublishAsync(MatrixSites.Heavy, "anna", null, CancellationToken.None);
        // Of the other site much has changed since.
        var former = MatrixSites.Blind.Custody! with { Retention = RetentionPolicy.Unlimited, TwoPersons = TwoPersonRule.Off, Purposes = [new BilingualText("歩行者", "pedestrians")] };
        await Notices.PublishAsync(MatrixSites.Blind with { Custody = former }, "wilhelmina.featherstonehaugh-cholmondeley", null, CancellationToken.None);
    }

    private async Task FillAccountsAsync()
    {
        foreach (var (name, roles) in new (string, Role[])[] { ("anna", [Role.Custodian, Role.Operator, Role.Analyst]), ("bert", [Role.Analyst]) })
            await _store.AcceptAsync((await _store.CreateAsync(name, roles, "test")).Text, Password);
        await _store.CreateAsync("carla-roadside-maintenance", [Role.Operator], "account[custodian]:anna");
        await _store.CreateAsync("dora", [Role.City], "account[custodian]:anna");
        await _store.DisableAsync("dora", "account[custodian]:anna");
        var anna = new Caller("anna", new HashSet<Role> { Role.Custodian, Role.Operator, Role.Analyst }, "session");
        await Callers.Desk.CreateTokenAsync(anna, "city-dashboard", "anna", ["*"], ["read", "subscribe"], [Role.Analyst], TimeSpan.FromDays(90));
        await Callers.Desk.CreateTokenAsync(anna, "research-export", "bert", [MatrixSites.Heavy.Id.Value, MatrixSites.Blind.Id.Value], ["export"], [Role.Analyst], TimeSpan.FromDays(30));
        await Callers.Desk.RevokeTokenAsync(anna, "research-export");
    }

    private async Task FillAuditAsync()
    {
        await using var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), TimeProvider.System);
        AuditEvent[] events =
        [
            new(AuditKind.LogIn, "anna", "account[custodian+operator+analyst]:anna", "log-in", "this node", Details: "from 10.20.1.77"),
            new(AuditKind.View, "anna", "account[custodian+operator+analyst]:anna", "camera picture", $"{MatrixSites.Heavy.Id}/cam-north"),
            new(AuditKind.Export, "city-dashboard", "token[analyst]:anna/city-dashboard", "flows", MatrixSites.Heavy.Id.Value, Details: "2026-10-01 to 2026-11-01, 15 min, CSV"),
            new(AuditKind.FailedTry, "unknown", "address:203.0.113.9", "log-in", "this node", "refused: wrong"),
            new(AuditKind.Change, "anna", "account[custodian+operator+analyst]:anna", "account roles", "carla-roadside-maintenance", "refused: there is no such account", "operator"),
        ];
        for (var i = 0; i < 30; i++) await log.RecordAsync(events[i % events.Length]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Sessions.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Recordings.Dispose();
        _folder.Dispose();
    }

    private const string Score = """
        {"total":{"true":612,"counted":605,"missed":11,"extra":4,"precision":0.9934,"recall":0.982,"signed_error_percent":-1.14,"geh":0.28},
         "pairs":[{"counted":"/clips/08h.crossings.csv","total":{"true":371,"counted":368,"missed":5,"extra":2,"precision":0.9946,"recall":0.9865,"signed_error_percent":-0.81,"geh":0.16}},
                  {"counted":"/clips/17h.crossings.csv","total":{"true":241,"counted":237,"missed":6,"extra":2,"precision":0.9916,"recall":0.9751,"signed_error_percent":-1.66,"geh":0.26}}],
         "by_movement":[{"name":"n-in","true":212,"counted":210,"missed":3,"extra":1,"precision":0.9952,"recall":0.9858,"signed_error_percent":-0.94,"geh":0.14},
                        {"name":"n-in to s-out","true":98,"counted":98,"missed":0,"extra":0,"precision":1,"recall":1,"signed_error_percent":0,"geh":0}],
         "by_class":[{"name":"passenger-car","true":480,"counted":477,"missed":6,"extra":3,"precision":0.9937,"recall":0.9875,"signed_error_percent":-0.63,"geh":0.14},
                     {"name":"bus","true":21,"counted":21,"missed":0,"extra":0,"precision":1,"recall":1,"signed_error_percent":0,"geh":0},
                     {"name":"motorcycle","true":0,"counted":1,"missed":0,"extra":1,"precision":0,"recall":null,"signed_error_percent":null,"geh":1.41}],
         "by_lighting":[{"name":"day","true":612,"counted":605,"missed":11,"extra":4,"precision":0.9934,"recall":0.982,"signed_error_percent":-1.14,"geh":0.28}],
         "segments":{"segment_s":60,"count":30,"exact_share":0.8667,"mean_absolute_error":0.23,"geh_below_5_share":1},
         "speed":{"vehicles":148,"mean_error_kmh":0.6,"mean_absolute_error_kmh":1.9,"max_error_kmh":7.4}}
        """;
}
