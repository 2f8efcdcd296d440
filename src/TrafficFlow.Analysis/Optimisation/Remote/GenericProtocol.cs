using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// A small protocol for any solver behind HTTP. POST solve with {"format": "bqm-1", "vartype", "offset", "linear": [...], "couplings": [[i, j, bias], ...], "reads", "time_ms"} is answered
/// 200 with {"samples": [[...], ...], "energies": [...], "time_ms"?}, or 202 with {"job": NAME, "queue_position"?}. Then GET jobs/NAME gives {"job", "state"} with state "queued"
/// (and "queue_position"), "running", "done" (with samples and energies), "failed" (with "message") or "cancelled"; DELETE jobs/NAME cancels. Each read has its sample: equal ones are
/// listed as often as they came.
/// </summary>
internal sealed class GenericProtocol : IAnnealerProtocol
{
    private TimeSpan _search;

    public string Name => "HTTP solver";

    public Vartype? Vartype => null;

    public DepartureForm Form { get; } = new("bqm-1", ImmutableDictionary.CreateRange(new Dictionary<string, DepartureValue>
    {
        ["format"] = DepartureValue.Word("bqm-1"),
        ["vartype"] = DepartureValue.Word("SPIN", "BINARY"),
        ["offset"] = new DepartureValue.Number(),
        ["linear[]"] = new DepartureValue.Number(),
        ["couplings[][]"] = new DepartureValue.Number(),
        ["reads"] = new DepartureValue.Number(),
        ["time_ms"] = new DepartureValue.Number(),
    }));

    public Task PrepareAsync(ServiceConnection connection, CancellationToken cancellation)
    {
        _search = connection.Settings.SearchTime;
        return Task.CompletedTask;
    }

    public byte[] Write(NumericModel model, SolverSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", "bqm-1");
            json.WriteString("vartype", model.Vartype.NameOf());
            json.WriteNumber("offset", model.Offset);
            json.WriteStartArray("linear");
            foreach (var bias in model.Linear) json.WriteNumberValue(bias);
            json.WriteEndArray();
            json.WriteStartArray("couplings");
            foreach (var (u, v, bias) in model.Couplings)
            {
                json.WriteStartArray();
                json.WriteNumberValue(u);
                json.WriteNumberValue(v);
                json.WriteNumberValue(bias);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteNumber("reads", settings.Reads);
            json.WriteNumber("time_ms", (long)Math.Ceiling(_search.TotalMilliseconds));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public async Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, FurtherDepartures further, Action<int?> onQueue, CancellationToken cancellation)
    {
        string job;
        int? position;
        using (var submitted = await connection.SendAsync(HttpMethod.Post, "solve", departure, null, cancellation).ConfigureAwait(false))
        {
            if (submitted.Status != HttpStatusCode.Accepted) return ("", Answer(submitted.Root));
            job = connection.JobName(Text(submitted.Root, "job"));
            position = Position(submitted.Root);
        }

        var path = $"jobs/{job}";
        try
        {
            onQueue(position);
            for (var asked = 0; ; asked++)
            {
                await Task.Delay(PollSchedule.Delay(asked), connection.Time, cancellation).ConfigureAwait(false);
                using var response = await connection.SendAsync(HttpMethod.Get, path, null, null, cancellation).ConfigureAwait(false);
                if (Text(response.Root, "job") != job) throw Bad("it tells of another job than was asked for");
                switch (Text(response.Root, "state"))
                {
                    case "queued":
                        onQueue(Position(response.Root));
                        break;
                    case "running":
                        onQueue(null);
                        break;
                    case "done":
                        return (job, Answer(response.Root));
                    case "failed":
                        throw new RemoteSolverException(RemoteFailure.Failed, $"the service failed at the job: {connection.Text.Of(Text(response.Root, "message") ?? "without saying why")}");
                    case "cancelled":
                        throw new RemoteSolverException(RemoteFailure.Cancelled, "the service says that the job was cancelled, and not by this program: ask its operator, or send it again");
                    default:
                        throw Bad("a job has a state that the protocol does not have");
                }
            }
        }
        catch
        {
            // Whatever went wrong: nobody asks for the job any more, and what runs may be charged.
            await connection.ForgetAsync(path, null).ConfigureAwait(false);
            throw;
        }
    }

    private static JobAnswer Answer(JsonElement root)
    {
        var answer = SampleLists.Read(root, "samples", "energies");
        return answer with { Charged = SampleLists.Milliseconds(root, "time_ms"), Occurrences = [.. Enumerable.Repeat(1, answer.Samples.Count)] };
    }

    private static int? Position(JsonElement root) => root.TryGetProperty("queue_position", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var position) && position >= 0 ? position : null;

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
