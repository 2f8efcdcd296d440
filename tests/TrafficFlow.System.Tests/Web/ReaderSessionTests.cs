using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>An open page is its reader's, as long as the reader is let in.</summary>
public sealed class ReaderSessionTests : IDisposable
{
    private const string Password = "three grey herons on a roof";

    private readonly SettingsFolder _folder = new();
    private readonly TickedTime _time = new();
    private readonly AccountStore _store;
    private readonly Sessions _sessions;
    private readonly AccountCallers _callers;

    public ReaderSessionTests()
    {
        _store = AccountStore.Open(_folder.Path, TimeProvider.System);
        _sessions = new Sessions(_store, SessionLimits.Default);
        _callers = new AccountCallers(_store, _sessions, new Login(_store, _sessions), new ApiTokens(_store), _ => Task.CompletedTask);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("roles")]
    [InlineData("sign out")]
    public async Task A_page_ends_within_a_minute_of_its_reader(string what)
    {
        await CreateAsync("head", Role.Custodian);
        await CreateAsync("bert", Role.Operator);
        var (session, text) = await OpenAsync("bert");
        using var open = session;
        var ended = 0;
        session.Ended += () => ended++;
        _time.Tick();
        Assert.True(session.Look());

        if (what == "disable") await _store.DisableAsync("bert", "test");
        else if (what == "roles") await _store.SetRolesAsync("bert", [Role.Analyst]);
        else _sessions.End(text);
        _time.Tick();

        Assert.Equal((true, 1, false), (session.HasEnded, ended, session.Look()));
    }

    [Theory]
    [InlineData("dismiss")]
    [InlineData("roles")]
    [InlineData("elsewhere")]
    public async Task A_page_ends_in_the_moment_in_which_its_reader_loses_a_right(string what)
    {
        await CreateAsync("head", Role.Custodian);
        await CreateAsync("bert", Role.Operator);
        await CreateAsync("carl", Role.Operator);
        var ((session, _), (other, _)) = (await OpenAsync("bert"), await OpenAsync("carl"));
        using var open = session;
        using var left = other;
        _store.Look();

        if (what == "dismiss") await _store.ChangeAsync(list => (list.Dismiss("bert", "test", TimeProvider.System.GetUtcNow()), true));
        else if (what == "roles") await _store.SetRolesAsync("bert", [Role.Analyst]);
        else await AccountStore.Open(_folder.Path, TimeProvider.System).DisableAsync("bert", "test");
        // What another process has done is found by a look, which a node takes every two seconds.
        if (what == "elsewhere") _store.Look();

        Assert.True(session.HasEnded);
        Assert.False(other.HasEnded);
    }

    [Fact]
    public async Task A_document_that_was_made_for_another_reader_is_not_shown()
    {
        await CreateAsync("bert", Role.Operator);
        var (session, _) = await OpenAsync("bert");
        using var open = session;

        Assert.True(session.IsOf(new PageReader("bert", [Role.Operator], true)));
        Assert.False(session.IsOf(new PageReader("anna", [Role.Operator], true)));
        Assert.False(session.IsOf(new PageReader("bert", [Role.Operator, Role.Custodian], true)));
    }

    [Fact]
    public void A_circuit_of_nobody_shows_nothing()
    {
        using var session = new ReaderSession(UserOf(null), _callers, Ports());

        Assert.True(session.HasEnded);
        Assert.False(session.Look());
    }

    [Fact]
    public async Task Nobody_has_all_pages_open_and_pages_come_by_web_socket_alone()
    {
        await using var host = await WebHost.StartAsync();
        using var plain = await host.SendAsync("GET", "/_blazor", Role.Operator);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);

        var address = new UriBuilder(new Uri(host.Server.Address!, "/_blazor")) { Scheme = "ws" }.Uri;
        var sockets = new List<ClientWebSocket>();
        try
        {
            for (var i = 0; i < OpenPages.MostOfAccount; i++) sockets.Add(await ConnectAsync(address));
            var one_more = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(address));
            Assert.Contains("429", one_more.Message);
            sockets[0].Abort();
            sockets[0] = await AgainAsync(address);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static async Task<ClientWebSocket> AgainAsync(Uri address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                return await ConnectAsync(address);
            }
            catch (WebSocketException)
            {
                // The other end has not seen yet that it was closed.
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri address)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Test-Role", "Operator");
        try
        {
            await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
            return socket;
        }
        catch (WebSocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task CreateAsync(string name, Role role)
    {
        var invitation = await _store.CreateAsync(name, [role], "test");
        await _store.AcceptAsync(invitation.Text, Password);
    }

    private async Task<(ReaderSession Session, string Text)> OpenAsync(string name)
    {
        var login = new Login(_store, _sessions);
        var text = (await login.TryAsync(new LogInRequest(name, Password, null, null, IPAddress.Loopback))).Session!.Text;
        var person = _sessions.Check(text)!;
        return (new ReaderSession(UserOf(new Caller(person.Name, person.Roles.ToHashSet(), "session") { Session = Sessions.KeyOf(text) }), _callers, Ports()), text);
    }

    private TrafficFlow.Web.WebPorts Ports() => WebHost.Ports() with { Time = _time };

    private static ServerAuthenticationStateProvider UserOf(Caller? caller)
    {
        var users = new ServerAuthenticationStateProvider();
        users.SetAuthenticationState(Task.FromResult(new AuthenticationState(caller is null ? new global::System.Security.Claims.ClaimsPrincipal() : new CallerPrincipal(caller))));
        return users;
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _folder.Dispose();
    }
}
