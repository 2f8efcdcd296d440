using System.Net;
using System.Text.Json;

namespace TrafficFlow.Client;

/// <summary>The server refuses; the message says why and what to do, in its words.</summary>
public sealed class TrafficFlowException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;

    internal static async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode) return;
        var text = $"the server answered {(int)answer.StatusCode}";
        try
        {
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
            text = $"{Part(problem, "title")}: {Part(problem, "detail")}; {Part(problem, "remedy")}";
        }
        catch (JsonException)
        {
            // Not of this server: of a proxy before it.
        }

        throw new TrafficFlowException(answer.StatusCode, text);
    }

    private static string Part(JsonDocument problem, string name) => problem.RootElement.TryGetProperty(name, out var part) ? part.ToString() : "";
}
