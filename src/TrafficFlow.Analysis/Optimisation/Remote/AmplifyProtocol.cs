using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// The interface of Fixstars Amplify Annealing Engine: POST solve with a polynomial of 0 and 1 ([i, j, bias], and [i, i, bias] for a linear one), a time in milliseconds and what to put
/// out; the answer comes on the same connection, with energies and spins.
/// </summary>
internal sealed class AmplifyProtocol : IAnnealerProtocol
{
    /// <summary>The service's own limit.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);

    private TimeSpan _search;

    public string Name => "Fixstars Amplify";

    public Vartype? Vartype => Optimisation.Vartype.Binary;

    public DepartureForm Form { get; } = new("amplify-polynomial", ImmutableDictionary.CreateRange(new Dictionary<string, DepartureValue>
    {
        ["polynomial[][]"] = new DepartureValue.Number(),
        ["constant"] = new DepartureValue.Number(),
        ["timeout"] = new DepartureValue.Number(),
        ["outputs.spins"] = new DepartureValue.Truth(),
        ["outputs.energies"] = new DepartureValue.Truth(),
        ["outputs.sort"] = new DepartureValue.Truth(),
        ["outputs.duplicate"] = new DepartureValue.Truth(),
        ["outputs.num_outputs"] = new DepartureValue.Number(),
    }));

    public Task PrepareAsync(ServiceConnection connection, CancellationToken cancellation)
    {
        _search = connection.Settings.SearchTime < MostTime ? connection.Settings.SearchTime : MostTime;
        return Task.CompletedTask;
    }

    public byte[] Write(NumericModel model, SolverSettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("polynomial");
            for (var i = 0; i < model.Linear.Length; i++) Term(json, i, i, model.Linear[i]);
            foreach (var (u, v, bias) in model.Couplings) Term(json, u, v, bias);
            json.WriteEndArray();
            json.WriteNumber("constant", model.Offset);
            json.WriteNumber("timeout", (int)Math.Ceiling(_search.TotalMilliseconds));
            json.WriteStartObject("outputs");
            json.WriteBoolean("spins", true);
            json.WriteBoolean("energies", true);
            json.WriteBoolean("sort", true);
            json.WriteBoolean("duplicate", false);
            json.WriteNumber("num_outputs", settings.Reads);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public async Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, FurtherDepartures further, Action<int?> onQueue, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(HttpMethod.Post, "solve", departure, null, cancellation).ConfigureAwait(false);
        var answer = SampleLists.Read(response.Root, "spins", "energies");
        var charged = response.Root.TryGetProperty("execution_time", out var times) && times.ValueKind == JsonValueKind.Object ? SampleLists.Milliseconds(times, "annealing") : null;
        // Duplicates are left out: how many reads ended in a sample is not known.
        return ("", answer with { Charged = charged, Occurrences = null });
    }

    private static void Term(Utf8JsonWriter json, int u, int v, double bias)
    {
        json.WriteStartArray();
        json.WriteNumberValue(u);
        json.WriteNumberValue(v);
        json.WriteNumberValue(bias);
        json.WriteEndArray();
    }
}
