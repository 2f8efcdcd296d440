using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Web.Formats.Ngsi;

/// <summary>A context broker did not take entities; the message says which and why, in one line.</summary>
/// <param name="mayPass">It is worth to try the same again later: the broker was away, busy or broken, not of another opinion.</param>
public sealed class NgsiBrokerException(string message, bool mayPass, Exception? inner = null) : Exception(message, inner)
{
    public bool MayPass => mayPass;
}

/// <summary>Pushes entities to an NGSI-LD context broker. Tries once: how often and when again is the caller's.</summary>
/// <param name="http">Its base address is the broker's, with a final slash; its time-out is the caller's choice.</param>
/// <param name="tenant">NGSILD-Tenant; null for the broker's default.</param>
public sealed class NgsiBroker(HttpClient http, string? tenant = null)
{
    /// <summary>Most entities of one request; more are sent in several.</summary>
    public const int MostOfARequest = 200;

    private const int MostOfAnAnswer = 64 * 1024;

    private static readonly MediaTypeHeaderValue LinkedData = new("application/ld+json");

    /// <summary>Creates the entities or replaces them as they are: an attribute that is no longer there goes.</summary>
    /// <exception cref="NgsiBrokerException">Not all were taken. Those of earlier requests were; to push all again does no harm.</exception>
    public async Task UpsertAsync(IReadOnlyCollection<JsonObject> entities, CancellationToken cancellation)
    {
        foreach (var request in entities.Chunk(MostOfARequest)) await PostAsync(request, cancellation).ConfigureAwait(false);
    }

    private async Task PostAsync(IReadOnlyList<JsonObject> entities, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "ngsi-ld/v1/entityOperations/upsert?options=replace");
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(entities));
        request.Content.Headers.ContentType = LinkedData;
        if (tenant is not null) request.Headers.Add("NGSILD-Tenant", tenant);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent) return;
            throw Refused(answer.StatusCode, await ReadAsync(answer, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new NgsiBrokerException($"the context broker {http.BaseAddress} cannot be reached ({PlainText.Of(e.Message)}): is it running, and the address right?", mayPass: true, e);
        }
    }

    private static NgsiBrokerException Refused(HttpStatusCode status, string answer)
    {
        var mayPass = (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
        var remedy = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check the broker's token and tenant",
            HttpStatusCode.NotFound => "check the broker's address: the path ngsi-ld/v1/ goes behind it",
            HttpStatusCode.MultiStatus => "it took the other entities",
            _ => mayPass ? "it may take them later" : "check the version of NGSI-LD that it speaks",
        };
        return new NgsiBrokerException($"the context broker answered {(int)status}{Why(answer)}: {remedy}", mayPass);
    }

    /// <summary>Title and detail of the first problem: of RFC 7807, or of a list of errors.</summary>
    private static string Why(string answer)
    {
        try
        {
            var body = JsonNode.Parse(answer);
            var first = body?["errors"] is JsonArray { Count: > 0 } errors ? errors[0] : null;
            var problem = first?["error"] ?? first ?? body;
            var texts = new[] { first?["entityId"], problem?["title"], problem?["detail"] }.OfType<JsonValue>().Select(t => PlainText.Of(t.ToString())).Where(t => t.Length > 0).ToList();
            return texts.Count == 0 ? "" : $" ({string.Join(", ", texts.Select(t => t.Length > 200 ? t[..200] : t))})";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[MostOfAnAnswer];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}
