using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>Both ends of the control socket, and the file of tokens of those who read from elsewhere.</summary>
internal static class ControlReaders
{
    public static IEnumerable<FuzzReader> All()
    {
        yield return new FuzzReader("ctl-request", ReadRequest)
        {
            Seeds = SeedFiles.Of("ctl-request"),
            Words = SeedFiles.Words("{", "}", "[", "]", "\"words\":", "\"site\":", "\"by\":", "null", "\"camera\"", "\"list\"", "\\ud800", "\\u0000", "1e999", "true"),
        };
        yield return new FuzzReader("ctl-reply", ReadReply)
        {
            Seeds = SeedFiles.Of("ctl-reply"),
            Words = SeedFiles.Words("\"ok\":true", "\"tables\":[", "\"columns\":[", "\"kind\":\"time\"", "\"kind\":\"number\"", "\"rows\":[", "\"notes\":[", "null", "1e999", "\"2026-04-01T00:00:00Z\"", "\\ud800"),
        };
        yield return new FuzzReader("tokens", ReadTokens)
        {
            Seeds = SeedFiles.Of("tokens"),
            Words = SeedFiles.Words("\"format\":1", "\"tokens\":[", "\"name\":\"a\"", "\"sha256\":", "\"scope\":[\"flow.*.*\"]", "\"until\":\"2027-04-01T00:00:00Z\"", "null", ".live", "journeys.", "_journeys", "*", "1e999"),
        };
    }

    private static bool ReadRequest(byte[] input)
    {
        ControlRequest? request;
        try
        {
            request = Request(input);
        }
        catch (RequestTooLongException)
        {
            return false;
        }

        if (request is null) return false;
        if (request.Words.Any(w => w is null)) throw new WrongAcceptanceException("a word is null");
        var again = Request(request.Write());
        if (again is null || again.Site != request.Site || again.By != request.By || !again.Words.SequenceEqual(request.Words)) throw new WrongAcceptanceException("another request after it was written and read again");
        return true;
    }

    private static ControlRequest? Request(byte[] bytes) => ControlRequest.ReadAsync(new MemoryStream(bytes), CancellationToken.None).GetAwaiter().GetResult();

    private static bool ReadTokens(byte[] input)
    {
        TokenList list;
        try
        {
            list = TokenFile.Parse(System.Text.Encoding.UTF8.GetString(input), "tokens.json");
        }
        catch (FormatException)
        {
            return false;
        }

        if (list.Tokens.Any(t => t.Scope.Covers("flow.a._journeys"))) throw new WrongAcceptanceException("a scope that covers what is ours");
        var written = TokenFile.Write(list);
        if (!TokenFile.Write(TokenFile.Parse(System.Text.Encoding.UTF8.GetString(written), "again")).AsSpan().SequenceEqual(written)) throw new WrongAcceptanceException("another list after it was written and read again");
        return true;
    }

    private static bool ReadReply(byte[] input)
    {
        OperatorReply reply;
        try
        {
            reply = ReplyJson.Read(input);
        }
        catch (FormatException)
        {
            return false;
        }

        var written = ReplyJson.Write(reply);
        if (!ReplyJson.Write(ReplyJson.Read(written)).AsSpan().SequenceEqual(written)) throw new WrongAcceptanceException("another reply after it was written and read again");
        return true;
    }
}
