using System.Net;
using System.Security.Cryptography;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Remote;

/// <summary>A node that runs as a process of its own, records, and shows what it has recorded on its pages.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RecordingNodeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_a_running_node_records_is_played_and_erased_on_its_own_pages()
    {
        var port = Tools.FreePort();
        using var node = new NodeFolder(NodeFolder.Live.Replace("detector = motion", "detector = motion, recording { record = on, segment = 10s }", StringComparison.Ordinal), akka: $$"""
            trafficflow.web.listen = "127.0.0.1:{{port}}"
            trafficflow.vault.credential = "vault.key"
            """);
        var key = node.Write("vault.key", Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var made = await TrafficflowProcess.RunAsync("vault", "init", "--credential", key, "--config", node.Config);
        Assert.True(made.Code == ExitCodes.Done, made.Error);
        var accounts = AccountStore.Open(node.Data, TimeProvider.System);
        foreach (var (name, role) in new[] { ("anna", Role.Custodian), ("carl", Role.Operator) }) await accounts.AcceptAsync((await accounts.CreateAsync(name, [role], "test")).Text, VaultFolder.GoodPassword);
        await using var running = node.Run();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await running.UntilAsync(() => ListeningPorts.Of(running.Id).Contains(port) && Recorded(node).Length > 1, s_patience, "pages are open and segments recorded");
        var (anna, carl) = (await SignInAsync(http, "anna"), await SignInAsync(http, "carl"));
        var segment = Path.GetFileNameWithoutExtension(Recorded(node)[0]);
        var address = $"/custody/recordings/{Uri.EscapeDataString(Environment.MachineName)}/live/cam1/{segment}/video";

        using (var page = await SendAsync(http, HttpMethod.Get, "/custody/recordings", carl)) Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using (var holds = await SendAsync(http, HttpMethod.Get, "/custody/holds", carl)) Assert.Equal(HttpStatusCode.Forbidden, holds.StatusCode);
        using (var refused = await SendAsync(http, HttpMethod.Get, address, carl)) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var shown = await SendAsync(http, HttpMethod.Get, address, anna))
        {
            var film = await shown.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(shown.StatusCode == HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(film));
            Assert.Equal("ftyp"u8.ToArray(), film[4..8]);
        }

        var end = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(9);
        using (var erased = await SendAsync(
            http, HttpMethod.Post, "/custody/recordings/erase", anna, ("node", Environment.MachineName), ("site", "live"), ("camera", "cam1"), ("from", $"{end.AddMinutes(-30):yyyy-MM-dd'T'HH:mm:ss}"), ("to", $"{end:yyyy-MM-dd'T'HH:mm:ss}"), ("reason", "request 12")))
        {
            var told = await erased.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(erased.StatusCode == HttpStatusCode.OK, told);
            Assert.Contains("is erased: receipt", told, StringComparison.Ordinal);
        }

        var receipt = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Path.Combine(node.Data, "vault", "receipts"))));
        using (var file = await SendAsync(http, HttpMethod.Get, $"/custody/receipts/{Uri.EscapeDataString(Environment.MachineName)}/{receipt}", anna))
            Assert.StartsWith("-----BEGIN TRAFFICFLOW ERASURE RECEIPT-----", await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using (var gone = await SendAsync(http, HttpMethod.Get, address, anna)) Assert.NotEqual(HttpStatusCode.OK, gone.StatusCode);
        running.Terminate();
        Assert.Equal(ExitCodes.Done, (await running.WaitAsync(s_patience)).Code);
    }

    private static string[] Recorded(NodeFolder node) => Directory.Exists(Path.Combine(node.Data, "vault", "sites")) ? [.. Directory.GetFiles(Path.Combine(node.Data, "vault", "sites"), "*.tfs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    private static async Task<string> SignInAsync(HttpClient http, string name)
    {
        using var answer = await SendAsync(http, HttpMethod.Post, "/sign-in", null, ("name", name), ("password", VaultFolder.GoodPassword));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("trafficflow-session=", StringComparison.Ordinal));
        return cookie[..cookie.IndexOf(';')];
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string? cookie, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        if (fields.Length > 0) request.Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
