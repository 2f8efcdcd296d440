using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Subscriptions;

/// <summary>The port for subscribers, as any program may read it.</summary>
public sealed class SubscriptionServerTests : IAsyncLifetime
{
    private const string Topic = $"health.demo.{SubscribedServer.Camera}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // No port is slower than that under a loaded machine, and no test waits for it but one.
    private readonly SubscriptionLimits _limits = new(Streams: 8, StreamsOfToken: 3, Unknown: 40, SlowAfter: TimeSpan.FromSeconds(8));
    private SubscribedServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await SubscribedServer.StartAsync(_limits);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_token_lists_what_it_may_read_and_reads_it_and_nothing_else(int version)
    {
        using var client = _server.Client(await _server.TokenAsync("anna", null, "health.demo.*", "flow.demo.north"), new Version(version, version == 1 ? 1 : 0));

        using var list = JsonDocument.Parse(await client.GetStringAsync("topics", Cancel));
        var topics = list.RootElement.GetProperty("topics").EnumerateArray().Select(t => t.GetString()!).ToList();
        Assert.Contains("flow.demo.north", topics);
        Assert.Contains(Topic, topics);
        Assert.All(topics, t => Assert.True(t == "flow.demo.north" || t.StartsWith("health.demo.", StringComparison.Ordinal), t));

        using (var answer = await OpenAsync(client, Topic))
        {
            Assert.Equal((HttpStatusCode.OK, "application/jsonl"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            using var lines = await LinesAsync(answer);
            var line = await SubscribedServer.UntilAsync(lines, l => l.TryGetProperty("values", out _), () => _server.Publish(7));
            Assert.Equal(7, line.GetProperty("values")[0].GetProperty("frames").GetInt32());
        }

        await RefusedAsync(client, "topics/flow.demo.south", HttpStatusCode.Forbidden, "a token with the scope flow.demo.south");
        await RefusedAsync(client, "topics/flow.elsewhere.south", HttpStatusCode.Forbidden, "flow.elsewhere.south");
        await RefusedAsync(client, "topics/health.demo.cam-nort", HttpStatusCode.NotFound, $"did you mean {Topic}?");
        await RefusedAsync(client, "topics/weather.demo", HttpStatusCode.NotFound, "is no topic");
        await RefusedAsync(client, "", HttpStatusCode.NotFound, "ask for /topics");
        await RefusedAsync(client, "topics/flow.demo.north?from=yesterday", HttpStatusCode.BadRequest, "no such place");
        await RefusedAsync(client, $"topics/{Topic}?from=1", HttpStatusCode.BadRequest, "leave from out");
        using var posted = await client.PostAsync("topics", new StringContent("x"), Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, posted.StatusCode);
        using var deleted = await client.DeleteAsync("topics", Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
    }

    [Fact]
    public async Task Server_sent_events_come_where_they_are_asked_for()
    {
        using var client = _server.Client(await _server.TokenAsync("anna", null, "flow.demo.*", "health.demo.*"));
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        using var answer = await OpenAsync(client, Topic);
        using var lines = await LinesAsync(answer);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var line = "";
        while (!line.StartsWith("data: ", StringComparison.Ordinal))
        {
            _server.Publish(3);
            line = (await lines.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel))!;
        }

        Assert.Contains("\"frames\":3", line, StringComparison.Ordinal);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Last-Event-ID", "no place");
        await RefusedAsync(client, "topics/flow.demo.north", HttpStatusCode.BadRequest, "no such place");
    }

    [Fact]
    public async Task Without_a_good_token_nothing_is_told_but_that_and_it_is_audited_once()
    {
        using var none = _server.Client(null);
        using var wrong = _server.Client("tft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var expired = _server.Client(await _server.TokenAsync("old", TimeProvider.System.GetUtcNow().AddMilliseconds(1), "flow.demo.*"));

        await RefusedAsync(none, "topics", HttpStatusCode.Unauthorized, "shows no token");
        await RefusedAsync(wrong, "topics/flow.demo.nothing", HttpStatusCode.Unauthorized, "nobody has this token");
        await RefusedAsync(wrong, "no/such/page", HttpStatusCode.Unauthorized, "nobody has this token");
        await RefusedAsync(expired, "topics", HttpStatusCode.Unauthorized, "the token old has expired on");

        var (command, outcome) = Assert.Single(_server.Audit.All);
        Assert.Equal(("address:127.0.0.1", "subscribe"), (command.Principal.Account, command.Command));
        Assert.Contains("the request shows no token", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_tries_again_and_again_is_told_to_wait_and_who_has_a_token_is_let_in_from_there_too()
    {
        using var wrong = _server.Client("tft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var good = _server.Client(await _server.TokenAsync("anna", null, "flow.demo.*"));
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var answer = await wrong.GetAsync("topics", Cancel);
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        }

        Assert.Equal([401, 401, 401, 401, 401, 429, 429, 429], statuses.Select(s => (int)s));
        using var list = await good.GetAsync("topics", Cancel);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    [Fact]
    public async Task What_is_open_with_a_token_ends_when_it_is_revoked_or_expires_and_other_streams_go_on()
    {
        using var anna = _server.Client(await _server.TokenAsync("anna", null, "health.demo.*"));
        using var bert = _server.Client(await _server.TokenAsync("bert", TimeProvider.System.GetUtcNow().AddSeconds(4), "health.demo.*"));
        using var carl = _server.Client(await _server.TokenAsync("carl", null, "health.demo.*"));
        using var annas = await LinesAsync(await OpenAsync(anna, Topic));
        using var berts = await LinesAsync(await OpenAsync(bert, Topic));
        using var carls = await LinesAsync(await OpenAsync(carl, Topic));

        await _server.RevokeAsync("anna");

        var closing = await SubscribedServer.UntilAsync(annas, l => l.TryGetProperty("closing", out _));
        Assert.Contains("the token anna was revoked on", closing.GetProperty("closing").GetString(), StringComparison.Ordinal);
        Assert.Null(await annas.ReadLineAsync(Cancel));
        closing = await SubscribedServer.UntilAsync(berts, l => l.TryGetProperty("closing", out _));
        Assert.Contains("the token bert has expired on", closing.GetProperty("closing").GetString(), StringComparison.Ordinal);
        await RefusedAsync(anna, "topics", HttpStatusCode.Unauthorized, "the token anna was revoked");
        await SubscribedServer.UntilAsync(carls, l => l.TryGetProperty("values", out _), () => _server.Publish(1));
    }

    [Fact]
    public async Task What_a_token_is_for_no_more_ends_and_what_it_is_still_for_goes_on()
    {
        using var anna = _server.Client(await _server.TokenAsync("anna", null, "health.demo.*", "flow.demo.north"));
        using var health = await LinesAsync(await OpenAsync(anna, Topic));
        using var flows = await LinesAsync(await OpenAsync(anna, "flow.demo.north"));

        await _server.NarrowAsync("anna", "health.demo.*");

        var closing = await SubscribedServer.UntilAsync(flows, l => l.TryGetProperty("closing", out _));
        Assert.Equal("the token anna is for health.demo.* now, and not for flow.demo.north", closing.GetProperty("closing").GetString());
        Assert.Null(await flows.ReadLineAsync(Cancel));
        await SubscribedServer.UntilAsync(health, l => l.TryGetProperty("values", out _), () => _server.Publish(1));
    }

    [Fact]
    public async Task There_are_only_so_many_streams_with_a_token_and_in_all()
    {
        using var anna = _server.Client(await _server.TokenAsync("anna", null, "health.demo.*"));
        using var bert = _server.Client(await _server.TokenAsync("bert", null, "health.demo.*"));
        using var carl = _server.Client(await _server.TokenAsync("carl", null, "health.demo.*"));
        var open = new List<HttpResponseMessage>();
        foreach (var client in new[] { anna, anna, anna, bert, bert, bert, carl, carl }) open.Add(await OpenAsync(client, Topic));
        Assert.All(open, o => Assert.Equal(HttpStatusCode.OK, o.StatusCode));

        await RefusedAsync(anna, $"topics/{Topic}", HttpStatusCode.TooManyRequests, "3 streams are open with the token anna already");
        await RefusedAsync(carl, $"topics/{Topic}", HttpStatusCode.TooManyRequests, "8 streams are open at this server already");

        foreach (var one in open) one.Dispose();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var again = await OpenAsync(anna, Topic);
            if (again.StatusCode == HttpStatusCode.OK) break;
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    [Fact]
    public async Task Who_reads_slowly_is_told_what_was_left_out_and_who_takes_nothing_is_cut_off()
    {
        var token = await _server.TokenAsync("anna", null, "health.demo.*");
        using var cutOff = new CutOff();
        await using var silent = await RawAsync();
        await silent.WriteAsync(Encoding.ASCII.GetBytes($"GET /topics/{Topic} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"), Cancel);
        using var client = _server.Client(token);
        using var reader = await LinesAsync(await OpenAsync(client, Topic));
        await SubscribedServer.UntilAsync(reader, l => l.TryGetProperty("values", out _), () => _server.Publish(1));

        // Many more than the one that reads takes, and all the while: it pauses, and never for as long as a reader may. The other one takes nothing.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var publishing = PublishAsync();
        var missed = 0L;
        for (var lines = 0; cutOff.Count == 0 || missed == 0; lines++)
        {
            var line = await SubscribedServer.UntilAsync(reader, l => l.TryGetProperty("values", out _));
            missed += line.GetProperty("dropped").GetInt64();
            if (lines % 10 == 0) await Task.Delay(10, patience.Token);
        }

        await enough.CancelAsync();
        await publishing;

        // What was on its way comes, and then the end.
        var buffer = new byte[1 << 16];
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await silent.ReadAsync(buffer, patience.Token) > 0)
            {
            }

            throw new IOException("closed");
        });
        Assert.Equal(1, cutOff.Count);

        async Task PublishAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                for (var i = 0; i < 600; i++) _server.Publish(2, length: 2_000);
                await Task.Delay(200, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Rubbish_and_silence_at_the_port_shut_nobody_out()
    {
        using var client = _server.Client(await _server.TokenAsync("anna", null, "health.demo.*"));
        using var reading = await LinesAsync(await OpenAsync(client, Topic));
        var silent = new List<TcpClient>();
        for (var i = 0; i < 500; i++)
        {
            var one = new TcpClient();
            await one.ConnectAsync(IPAddress.Loopback, _server.Port, Cancel);
            silent.Add(one);
            if (i % 5 == 0) await one.GetStream().WriteAsync(Rubbish(i), Cancel);
        }

        await SubscribedServer.UntilAsync(reading, l => l.TryGetProperty("values", out _), () => _server.Publish(1));
        using var late = _server.Client(await _server.TokenAsync("bert", null, "health.demo.*"));
        using var lateReading = await LinesAsync(await OpenAsync(late, Topic));
        await SubscribedServer.UntilAsync(lateReading, l => l.TryGetProperty("values", out _), () => _server.Publish(1));
        await SubscribedServer.UntilAsync(reading, l => l.TryGetProperty("values", out _), () => _server.Publish(1));
        foreach (var one in silent) one.Dispose();
    }

    [Theory]
    [InlineData("GET /topics HTTP/1.1\r\nHost: x\r\nX: LONG\r\n\r\n", "431")]
    [InlineData("GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n", "414")]
    [InlineData("GET /topics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "401")]
    [InlineData("NONSENSE\r\n\r\n", "400")]
    public async Task Requests_that_are_none_are_refused_in_one_way(string request, string status)
    {
        await using var raw = await RawAsync();
        await raw.WriteAsync(Encoding.ASCII.GetBytes(request.Replace("LONG", new string('a', 20_000), StringComparison.Ordinal)), Cancel);
        var head = new byte[12];
        await raw.ReadExactlyAsync(head, Cancel).AsTask().WaitAsync(Patience, Cancel);

        Assert.Equal($"HTTP/1.1 {status}", Encoding.ASCII.GetString(head));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_from_the_next_handshake_on_and_a_broken_one_never()
    {
        Assert.Equal("CN=server", await SubjectAsync());

        _server.Use(_server.NewCertificate("renewed"));
        Assert.Equal("CN=renewed", await SubjectAsync());

        var broken = _server.NewCertificate("broken");
        File.WriteAllText(broken.Certificate, "no certificate");
        _server.Use(broken);
        Assert.Equal("CN=renewed", await SubjectAsync());
    }

    [Fact]
    public async Task Old_TLS_is_refused()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _server.Port, Cancel);
        await using var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);

#pragma warning disable SYSLIB0039, CA5397 // That they are old is what is tried.
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = SslProtocols.Tls11 }, Cancel));
#pragma warning restore SYSLIB0039, CA5397
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task RefusedAsync(HttpClient client, string path, HttpStatusCode status, string told)
    {
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, string topic) => client.GetAsync($"topics/{topic}", HttpCompletionOption.ResponseHeadersRead, Cancel);

    private static async Task<StreamReader> LinesAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
    }

    private async Task<SslStream> RawAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, _server.Port, Cancel);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "x" }, Cancel);
        return tls;
    }

    private async Task<string> SubjectAsync()
    {
        await using var tls = await RawAsync();
        return ((X509Certificate2)tls.RemoteCertificate!).Subject;
    }

    private static byte[] Rubbish(int seed)
    {
        var bytes = new byte[200];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Counts the readers that were cut off because they took nothing.</summary>
    private sealed class CutOff : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public CutOff()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "trafficflow.subscription.slow") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _count, count));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
