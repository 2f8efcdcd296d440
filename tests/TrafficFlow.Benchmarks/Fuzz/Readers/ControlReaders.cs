using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>Both ends of the control socket.</summary>
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
