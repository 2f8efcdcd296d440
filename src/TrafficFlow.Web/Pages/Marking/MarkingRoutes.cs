using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>What a request of the marking page is for.</summary>
public enum MarkingUse
{
    Look = 0,
    Change = 1,
}

/// <summary>Where the marking page is, and who is let in.</summary>
/// <param name="Prefix">Pattern of its address, between slashes.</param>
/// <param name="FindAsync">The marking that a request is for; null where the request was refused, which was answered.</param>
/// <param name="NameOf">Of who asks.</param>
/// <param name="Page">How the page is addressed.</param>
public sealed record MarkingMount(string Prefix, Func<HttpContext, MarkingUse, Task<IMarking?>> FindAsync, Func<HttpContext, string> NameOf, Func<HttpContext, MarkingPageAddress> Page);

/// <param name="Base">Of the page itself, between slashes.</param>
/// <param name="Back">Where its reader came from; null where there is nothing else.</param>
public sealed record MarkingPageAddress(string Base, Func<string, string> AssetOf, string? Back);

/// <summary>
/// The marking page and what it asks for: one implementation for `trafficflow mark`, which serves it to one browser of its machine, and for the pages of a node. Pictures are
/// anonymized; who is let in is the mount's affair.
/// </summary>
public static class MarkingRoutes
{
    private const int MostTile = 4096;
    private const int LongestSeat = 64;
    private const string SeatHeader = "X-Seat";
    private const string Plain = "text/plain; charset=utf-8";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Map(IEndpointRouteBuilder app, MarkingMount mount)
    {
        Get("", async (_, context) => await WriteAsync(context, Encoding.UTF8.GetBytes(await MarkingHtml.WriteAsync(mount.Page(context), PageLanguage.Of(context.Request))), "text/html; charset=utf-8"));
        Get("clip", (marking, context) => WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(marking.Clip, Json), MediaTypeNames.Application.Json));
        Get("marks", (marking, context) =>
        {
            var marks = marking.MarksJson();
            context.Response.Headers.ETag = TagOf(marks);
            return WriteAsync(context, Encoding.UTF8.GetBytes(marks), MediaTypeNames.Application.Json);
        });
        Get("frame/{index}", (marking, context) => WritePictureAsync(context, Number(context, "index") is { } index ? marking.Frame(index) : null, "image/jpeg"));
        Get("scan/{gate}/{from}/{count}", (marking, context) => WritePictureAsync(
            context, Number(context, "from") is { } from && Number(context, "count") is { } count and > 0 and <= MostTile ? marking.Scan((string)context.GetRouteValue("gate")!, from, count) : null, "image/png"));
        app.MapPut($"{mount.Prefix}marks", Answer(MarkingUse.Change, (marking, context) => PutAsync(marking, context, mount.NameOf(context))));
        // Who has the seat now, in JSON; null for who asks.
        app.MapPost($"{mount.Prefix}seat", Answer(MarkingUse.Look, (marking, context) => WriteAsync(
            context, JsonSerializer.SerializeToUtf8Bytes(Take(marking, context, mount.NameOf(context), context.Request.Query["take"] == "always"), Json), MediaTypeNames.Application.Json)));
        app.MapPost($"{mount.Prefix}done", Answer(MarkingUse.Change, (marking, context) => FinishAsync(marking, context, mount.NameOf(context))));

        void Get(string path, Func<IMarking, HttpContext, Task> answer) => app.MapGet($"{mount.Prefix}{path}", Answer(MarkingUse.Look, answer));

        RequestDelegate Answer(MarkingUse use, Func<IMarking, HttpContext, Task> answer) => async context =>
        {
            if (await mount.FindAsync(context, use) is { } marking) await answer(marking, context);
        };
    }

    /// <summary>Script and style of the page, for a server that has nothing else.</summary>
    /// <param name="prefix">Between slashes.</param>
    public static void MapAssets(IEndpointRouteBuilder app, string prefix)
    {
        foreach (var name in new[] { "mark.js", "mark.css" })
            app.MapGet($"{prefix}{name}", context => EmbeddedAssets.AnswerAsync(context, typeof(MarkingRoutes).Assembly, $"web/_content/trafficflow/{name}"));
    }

    private static async Task PutAsync(IMarking marking, HttpContext context, string name)
    {
        if (Take(marking, context, name) is { } other)
        {
            await WriteAsync(context, Encoding.UTF8.GetBytes(other), Plain, StatusCodes.Status409Conflict);
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var (marks, known) = (await reader.ReadToEndAsync(context.RequestAborted), context.Request.Headers.IfMatch.ToString());
        string? problem;
        // A page sends all marks: one that stood open while others marked would bring its old ones back.
        lock (marking)
        {
            if (known.Length > 0 && known != TagOf(marking.MarksJson()))
            {
                context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
                return;
            }

            problem = marking.Replace(marks);
            if (problem is null) context.Response.Headers.ETag = TagOf(marking.MarksJson());
        }

        if (problem is not null) await WriteAsync(context, Encoding.UTF8.GetBytes(problem), Plain, StatusCodes.Status400BadRequest);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string TagOf(string marks) => $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(marks)))[..16]}\"";

    private static async Task FinishAsync(IMarking marking, HttpContext context, string name)
    {
        if (Take(marking, context, name) is { } other)
        {
            await WriteAsync(context, Encoding.UTF8.GetBytes(other), Plain, StatusCodes.Status409Conflict);
            return;
        }

        marking.Finish();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <returns>Null where the page that asks may mark, else who does.</returns>
    private static string? Take(IMarking marking, HttpContext context, string name, bool evenIfTaken = false)
    {
        if (marking.Seat is not { } seat) return null;
        return context.Request.Headers[SeatHeader] is [{ Length: > 0 and <= LongestSeat } own] ? seat.Take(own, name, evenIfTaken) : seat.Holder ?? "";
    }

    private static int? Number(HttpContext context, string name) =>
        int.TryParse((string?)context.GetRouteValue(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Task WritePictureAsync(HttpContext context, byte[]? picture, string mediaType)
    {
        if (picture is not null) return WriteAsync(context, picture, mediaType);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, byte[] body, string mediaType, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
