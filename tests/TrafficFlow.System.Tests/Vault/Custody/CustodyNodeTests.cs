using System.Globalization;
using System.Net;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>Custody of a node that runs as a process of its own.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class CustodyNodeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_running_node_carries_out_by_itself_what_a_verb_has_dated_and_tells_what_is_overdue()
    {
        var port = Tools.FreePort();
        using var node = new NodeFolder(
            NodeFolder.Live.Replace("  approaches {", "  custody { operator { name = Council, telephone = \"1\" }, purposes = [ counting ], inspections { from = \"2026-01-05\", hand-carry-weeks = 2 } }\n  approaches {", StringComparison.Ordinal),
            akka: $"""trafficflow.web.listen = "127.0.0.1:{port}" """);
        var accounts = AccountStore.Open(node.Data, TimeProvider.System);
        foreach (var (name, role) in new[] { ("anna", Role.Custodian), ("carl", Role.Operator) }) await accounts.AcceptAsync((await accounts.CreateAsync(name, [role], "test")).Text, VaultFolder.GoodPassword);
        foreach (var (name, duty) in new[] { ("anna", "custodian"), ("carl", "operator") })
            Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("custody", "person", "appoint", $"Person {name}", "--duty", duty, "--account", name, "--config", node.Config)).Code);
        await using var running = node.Run();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await running.UntilAsync(() => ListeningPorts.Of(running.Id).Contains(port), s_patience, "pages are open");
        var carl = await SignInAsync(http, "carl");
        var page = await GetAsync(http, "/custody", carl);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("2026-01-05", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 inspection is overdue: live (at the site, 2026-01-05)", page.Text, StringComparison.Ordinal);

        var at = TimeProvider.System.GetUtcNow().AddSeconds(20).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var dated = await TrafficflowProcess.RunAsync("custody", "person", "dismiss", "carl", "--reason", "contract ends", "--on", at, "--config", node.Config);
        Assert.True(dated.Code == ExitCodes.Done, dated.Error);
        Assert.False(accounts.List().Get("carl").IsDismissed);
        await running.UntilAsync(() => accounts.List().Get("carl").IsDismissed, s_patience, "the dismissal took effect");

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(http, "/custody", carl)).Status);
        await running.UntilAsync(() => AuditReader.Newest(new AuditPlace(node.Data), new AuditFilter(), null, 20).Any(r => r.Event is { Action: "custody dismissal took effect", Target: "carl" }), s_patience, "it stands in the audit");
        running.Terminate();
        Assert.Equal(ExitCodes.Done, (await running.WaitAsync(s_patience)).Code);
    }

    private static async Task<string> SignInAsync(HttpClient http, string name)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", name), KeyValuePair.Create("password", VaultFolder.GoodPassword)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("trafficflow-session=", StringComparison.Ordinal));
        return cookie[..cookie.IndexOf(';')];
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient http, string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
