using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.SystemTests.Web.Fuzz;

/// <summary>What came of it.</summary>
/// <param name="Findings">Answers that there must not be, each with its request; the first ones.</param>
internal sealed record WebFuzzResult(int Requests, IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> Findings);

/// <summary>
/// Fires odd requests at a web host, as everybody and as nobody. An answer must be no fault of the server (a 503 that says when to come again is announced), and must hold nothing of
/// what is inside: no name of a type, no stack, no text of an exception of .NET.
/// </summary>
internal static class WebFuzz
{
    private const int AtOnce = 8;
    private const int MostFindings = 20;
    private const int MostOfBody = 64 * 1024;

    /// <summary>One of so many is written by hand, as no library would.</summary>
    private const int RawOf = 12;

    private static readonly string[] Insides = ["   at ", "System.", "Microsoft.", "TrafficFlow.Web", "Exception", "StackTrace", ".cs:line", "Npgsql", "SQLite", "/tmp/", "Object reference", "Parameter '", "(Parameter"];

    /// <summary>Those that a server's library lets through, too.</summary>
    private static readonly string[] OddHosts = ["", "[", "..", "a..b", "-", "%", "a:99999", "a:", ":80", "_", "a b", "[::1", "xn--", "1.2.3.4.5", "é", "'", "a~b!c$d", "127.0.0.1:8080:9"];

    public static async Task<WebFuzzResult> RunAsync(FuzzedHost host, int seed, int count, CancellationToken cancellation)
    {
        var statuses = new Dictionary<int, int>();
        var findings = new List<string>();
        var gate = new Lock();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = AtOnce, AutomaticDecompression = System.Net.DecompressionMethods.All }) { Timeout = TimeSpan.FromSeconds(60) };
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(WorkAsync, cancellation)));
        return new WebFuzzResult(count, statuses, findings);

        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
            {
                cancellation.ThrowIfCancellationRequested();
                // Of its own number, so that each can be sent again alone.
                var random = new Random(unchecked((seed * 1_000_003) + number));
                var request = OddRequest.Of(random, host.Good);
                var (status, problem) = random.Next(RawOf) == 0 ? await RawAsync(host.Address, request, random, cancellation) : await SendAsync(client, host.Address, request, cancellation);
                lock (gate)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    if (problem is not null && findings.Count < MostFindings) findings.Add($"seed {seed} number {number}: {problem}: {request}");
                }
            }
        }
    }

    private static async Task<(int Status, string? Problem)> SendAsync(HttpClient client, Uri address, OddRequest odd, CancellationToken cancellation)
    {
        if (!Uri.TryCreate($"{address.GetLeftPart(UriPartial.Authority)}{odd.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var target)) return (0, null);
        using var request = new HttpRequestMessage(new HttpMethod(odd.Method), target);
        if (odd.Body is { } body) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in odd.Headers)
        {
            if (name != "Content-Type") request.Headers.TryAddWithoutValidation(name, value);
            else request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var text = answer.Content.Headers.ContentType?.MediaType is { } type && (type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("json", StringComparison.Ordinal) || type.Contains("xml", StringComparison.Ordinal)) && type is not ("text/javascript" or "text/css")
                ? await BeginOfAsync(answer, cancellation)
                : "";
            return ((int)answer.StatusCode, Judge((int)answer.StatusCode, answer.Headers.RetryAfter is not null, text));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            // The client's own opinion of what was asked, or a connection that the server has closed on a body that was too long.
            return e is TaskCanceledException ? (0, "no answer within a minute") : (0, null);
        }
    }

    private static async Task<string> BeginOfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var begin = new byte[MostOfBody];
        return Encoding.UTF8.GetString(begin, 0, await body.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, cancellation));
    }

    /// <summary>Bytes as they come: cut, with lines that are none, and with characters that no header has.</summary>
    private static async Task<(int Status, string? Problem)> RawAsync(Uri address, OddRequest odd, Random random, CancellationToken cancellation)
    {
        var host = random.Next(4) == 0 ? OddHosts[random.Next(OddHosts.Length)] : address.Authority;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{odd.Method} {odd.Target} HTTP/1.{random.Next(3)}\r\n").Append(CultureInfo.InvariantCulture, $"Host: {host}\r\nConnection: close\r\n");
        foreach (var (name, value) in odd.Headers) text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (random.Next(3) == 0) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {random.Next(-2, 50)}\r\n");
        if (random.Next(4) == 0) text.Append("Transfer-Encoding: chunked\r\n");
        var bytes = Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
        for (var i = random.Next(3); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, cancellation);
            await using var stream = client.GetStream();
            await stream.WriteAsync(bytes, cancellation);
            client.Client.Shutdown(SocketShutdown.Send);
            var answer = new byte[MostOfBody];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellation);
            var told = Encoding.UTF8.GetString(answer, 0, length);
            var status = told.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(told.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
            var isText = !told.Contains("text/javascript", StringComparison.Ordinal) && !told.Contains("text/css", StringComparison.Ordinal);
            return (status, Judge(status, told.Contains("Retry-After", StringComparison.Ordinal), isText ? told : ""));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return (0, null);
        }
        catch (TimeoutException)
        {
            return (0, "no answer within a minute");
        }
    }

    private static string? Judge(int status, bool saysWhen, string text)
    {
        // 505 is what a version of HTTP that there is not deserves.
        if (status >= 500 && status != 505 && !(status == 503 && saysWhen)) return $"status {status}";
        return Insides.FirstOrDefault(i => text.Contains(i, StringComparison.Ordinal)) is { } inside ? $"the answer ({status}) holds \"{inside}\": {Around(text, inside)}" : null;
    }

    private static string Around(string text, string what)
    {
        var at = text.IndexOf(what, StringComparison.Ordinal);
        return text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 120)].ReplaceLineEndings(" ");
    }
}
