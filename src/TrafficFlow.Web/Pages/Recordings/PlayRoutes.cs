using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>The pictures of a segment, for a video of its page: any part of it, decrypted as it goes out. Whoever looks is in the audit here and at the node that has it, before the first byte.</summary>
internal static class PlayRoutes
{
    private const int BlockBytes = 32 * 1024;

    private static readonly TimeSpan s_comeAgain = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/custody/recordings/{node}/{site}/{camera}/{name}/video", AnswerAsync);
        app.MapGet("/custody/recordings/{node}/{site}/{camera}/{name}/problem", TellAsync);
    }

    private static async Task AnswerAsync(string node, string site, string camera, string name, WebPorts ports, RecordingPlays plays, HttpContext context)
    {
        if (await FindAsync(node, site, camera, name, ports, context) is not { } found) return;
        // It is played, and not opened as a document or a file of its own.
        if (context.Request.Headers["Sec-Fetch-Dest"] is [{ } use] && use is not ("video" or "empty"))
        {
            await new Problem(StatusCodes.Status403Forbidden, "Only to be played", "recordings are played on their page", "open /custody/recordings").WriteAsync(context);
            return;
        }

        var caller = context.Features.Get<Caller>()!;
        RecordingPlay? play;
        try
        {
            play = await plays.OpenAsync(found.Recordings, found.Segment, caller, p => OpenAsync(p, found.Segment, caller, ports));
        }
        catch (PlayException e)
        {
            await Refusal(e).WriteAsync(context);
            return;
        }
        catch (OperationCanceledException)
        {
            // Its reader was let in no more while it was opened.
            context.Abort();
            return;
        }

        if (play is null)
        {
            await new Problem(StatusCodes.Status429TooManyRequests, "Too many look", $"{RecordingPlays.Most} recordings are looked at through this server now", "come again when somebody has ended") { RetryAfter = s_comeAgain }.WriteAsync(context);
            return;
        }

        await SendAsync(play, context);
    }

    private static async Task OpenAsync(RecordingPlay play, PlayedSegment segment, Caller caller, WebPorts ports)
    {
        await play.OpenAsync(CancellationToken.None);
        var time = string.Create(CultureInfo.InvariantCulture, $"{play.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {play.Until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, at node {segment.Node}");
        if (!await ports.Record(CallerAudit.Of(caller, AuditKind.View, "recording play", segment.ToString(), time))) throw new PlayException(RecordingsRefusal.NotNow, CallerAudit.NotRecorded.Detail);
    }

    private static async Task SendAsync(RecordingPlay play, HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "video/mp4";
        var (from, to) = (0L, play.Length - 1);
        if (RangeOf(request, play.Length) is { } range)
        {
            if (range.From > range.To || range.From >= play.Length)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(play.Length);
                return;
            }

            (from, to) = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, to, play.Length);
        }

        response.ContentLength = to - from + 1;
        if (HttpMethods.IsHead(request.Method)) return;
        var block = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, play.Ended);
        try
        {
            while (from <= to)
            {
                var count = await play.ReadAsync(from, block.AsMemory(0, (int)Math.Min(block.Length, to - from + 1)), end.Token);
                if (count == 0) break;
                // What the browser does not take is not fetched either.
                await response.Body.WriteAsync(block.AsMemory(0, count), end.Token);
                from += count;
            }

            play.Problem = null;
        }
        catch (PlayException e) when (!response.HasStarted)
        {
            response.Headers.ContentRange = default;
            response.Headers.AcceptRanges = default;
            response.ContentLength = null;
            play.Problem = e.Message;
            await Refusal(e).WriteAsync(context);
        }
        catch (PlayException e)
        {
            play.Problem = e.Message;
            context.Abort();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // It has gone, or its reader is let in no more: what was announced does not come.
            context.Abort();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
            await play.RestAsync();
        }
    }

    /// <summary>Why a video stopped in the middle: it cannot say itself.</summary>
    private static async Task TellAsync(string node, string site, string camera, string name, WebPorts ports, RecordingPlays plays, HttpContext context)
    {
        if (await FindAsync(node, site, camera, name, ports, context) is not { } found) return;
        if (plays.ProblemOf(found.Segment, context.Features.Get<Caller>()!) is { } problem)
            await new Problem(StatusCodes.Status503ServiceUnavailable, "It stopped", problem, "try again: it goes on from there") { RetryAfter = s_comeAgain }.WriteAsync(context);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <returns>Null where that was answered.</returns>
    private static async Task<(IRecordings Recordings, PlayedSegment Segment)?> FindAsync(string node, string site, string camera, string name, WebPorts ports, HttpContext context)
    {
        if (ports.Recordings is { } recordings && NameRule.IsChosen(site) && NameRule.IsChosen(camera) && node.Length < 300 && name.Length < 80) return (recordings, new PlayedSegment(node, new SiteId(site), new CameraId(camera), name));
        await new Problem(StatusCodes.Status404NotFound, "No such recording", "there is none of that name", "see /custody/recordings").WriteAsync(context);
        return null;
    }

    private static Problem Refusal(PlayException e) => e.Why switch
    {
        RecordingsRefusal.NotAllowed => new Problem(StatusCodes.Status403Forbidden, "Not for your roles", e.Message, "ask a custodian"),
        RecordingsRefusal.NotThere or RecordingsRefusal.Wrong => new Problem(StatusCodes.Status404NotFound, "It does not play", e.Message, "see /custody/recordings"),
        null => new Problem(StatusCodes.Status504GatewayTimeout, "The node does not answer", e.Message, "try again when it is reachable: see Health") { RetryAfter = s_comeAgain },
        _ => new Problem(StatusCodes.Status503ServiceUnavailable, "Not now", e.Message, "then try again") { RetryAfter = s_comeAgain },
    };

    /// <returns>Null for all of it: none is asked for, or several, which are not answered apart.</returns>
    private static (long From, long To)? RangeOf(HttpRequest request, long length) => request.GetTypedHeaders().Range is { Unit.Value: "bytes", Ranges: { Count: 1 } ranges } && ranges.First() is var one
        ? one.From is { } from ? (from, Math.Min(one.To ?? (length - 1), length - 1)) : one.To is { } last and > 0 ? (Math.Max(0, length - last), length - 1) : (length, length)
        : null;
}
