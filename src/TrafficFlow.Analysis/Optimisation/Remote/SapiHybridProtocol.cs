using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// D-Wave's hybrid solvers for binary quadratic models, as dwave-cloud-client speaks to them: POST bqm/multipart with the size, PUT bqm/multipart/ID/part/1 with the file and its MD5, GET
/// bqm/multipart/ID/status to see that it came whole, POST bqm/multipart/ID/combine with the MD5 of the parts' MD5, then problems/ with a reference to ID. They take any couplings; embedding is theirs.
/// </summary>
internal sealed class SapiHybridProtocol(string solver) : IAnnealerProtocol
{
    /// <summary>Of one part in the service's own client; what is larger is not sent.</summary>
    private const int MostBytes = 5 * 1024 * 1024;

    private static readonly DepartureForm s_announcement = new("sapi-upload", ImmutableDictionary<string, DepartureValue>.Empty.Add("size", new DepartureValue.Number())) { HoldsModel = false };

    private Description? _described;
    private TimeSpan _search;

    /// <param name="Limits">The least time, in seconds, for models of so many variables; in between it is interpolated.</param>
    private sealed record Description(ImmutableArray<(double Variables, double Seconds)> Limits, TimeSpan Longest, int MostVariables)
    {
        public double LeastSeconds(int variables)
        {
            if (Limits.IsEmpty || variables <= Limits[0].Variables) return Limits.IsEmpty ? 0 : Limits[0].Seconds;
            for (var i = 1; i < Limits.Length; i++)
            {
                var (low, high) = (Limits[i - 1], Limits[i]);
                if (variables <= high.Variables) return low.Seconds + ((high.Seconds - low.Seconds) * (variables - low.Variables) / (high.Variables - low.Variables));
            }

            return Limits[^1].Seconds;
        }
    }

    public string Name => $"D-Wave {solver}";

    public Vartype? Vartype => null;

    public DepartureForm Form { get; } = new("dimod-bqm", ImmutableDictionary<string, DepartureValue>.Empty) { InspectFile = DimodBqmFile.Inspect };

    private Description Described => _described ?? throw new InvalidOperationException("prepare first");

    public async Task PrepareAsync(ServiceConnection connection, CancellationToken cancellation)
    {
        _search = connection.Settings.SearchTime;
        if (_described is not null) return;
        using var response = await connection.SendAsync(HttpMethod.Get, $"solvers/remote/{Uri.EscapeDataString(solver)}", null, SapiProblem.Accept("solver-definition"), cancellation).ConfigureAwait(false);
        SapiProblem.CheckType(response, "solver-definition");
        try
        {
            _described = Describe(response.Root, connection.Text);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new RemoteSolverException(RemoteFailure.BadAnswer, $"what the service tells of solver {solver} lacks what it takes and its limits: it may be no hybrid solver", e);
        }
    }

    public byte[] Write(NumericModel model, SolverSettings settings)
    {
        if (model.Linear.Length > Described.MostVariables) throw Unsuitable($"the model has {model.Linear.Length} variables, and solver {solver} takes {Described.MostVariables}");
        var file = DimodBqmFile.Write(model);
        return file.Length <= MostBytes ? file : throw Unsuitable($"the model is a file of {file.Length} bytes, and {MostBytes} at most are uploaded: take a coarser step");
    }

    public async Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, FurtherDepartures further, Action<int?> onQueue, CancellationToken cancellation)
    {
        var upload = await UploadAsync(connection, departure, further, cancellation).ConfigureAwait(false);
        var seconds = Math.Max(_search.TotalSeconds, Described.LeastSeconds(model.Linear.Length));
        if (seconds > Described.Longest.TotalSeconds) throw Unsuitable($"solver {solver} searches for {Described.Longest.TotalSeconds} s at most: set a shorter search time");
        var submission = await further(SubmissionForm(upload), Json(json =>
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteStartObject("solver");
            json.WriteString("name", solver);
            json.WriteEndObject();
            json.WriteStartObject("data");
            json.WriteString("format", "ref");
            json.WriteString("data", upload);
            json.WriteEndObject();
            json.WriteString("type", "bqm");
            json.WriteStartObject("params");
            json.WriteNumber("time_limit", seconds);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        })).ConfigureAwait(false);
        return await SapiProblem.RunAsync(connection, submission, answer => SampleSetCodec.Decode(answer, model), onQueue, cancellation).ConfigureAwait(false);
    }

    /// <returns>The service's name of what was uploaded.</returns>
    private static async Task<string> UploadAsync(ServiceConnection connection, Departure file, FurtherDepartures further, CancellationToken cancellation)
    {
        var announcement = await further(s_announcement, Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("size", file.Bytes.Length);
            json.WriteEndObject();
        })).ConfigureAwait(false);
        string name;
        using (var begun = await connection.SendAsync(HttpMethod.Post, "bqm/multipart", announcement, null, cancellation).ConfigureAwait(false)) name = connection.JobName(Text(begun.Root, "id"));
        var (path, digest) = ($"bqm/multipart/{name}", Convert.ToHexStringLower(file.Md5()));
        using (await connection.SendAsync(HttpMethod.Put, $"{path}/part/1", file, null, cancellation).ConfigureAwait(false))
        {
            // Whether it came whole, the status tells.
        }

        using (var status = await connection.SendAsync(HttpMethod.Get, $"{path}/status", null, null, cancellation).ConfigureAwait(false)) CheckPart(status.Root, digest);
        // Of all parts' checksums, of which there is one.
        var combined = Convert.ToHexStringLower(Md5Of(file.Md5()));
        var combination = await further(new DepartureForm("sapi-upload", ImmutableDictionary<string, DepartureValue>.Empty.Add("checksum", DepartureValue.Word(combined))) { HoldsModel = false }, Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("checksum", combined);
            json.WriteEndObject();
        })).ConfigureAwait(false);
        using (await connection.SendAsync(HttpMethod.Post, $"{path}/combine", combination, null, cancellation).ConfigureAwait(false))
        {
            // Its answer says nothing beyond that it was done.
        }

        return name;
    }

    private static void CheckPart(JsonElement status, string digest)
    {
        if (status.ValueKind != JsonValueKind.Object || !status.TryGetProperty("parts", out var parts) || parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() != 1) throw SapiProblem.Bad("one part was uploaded, and it does not tell of one");
        // The service has been known to quote it twice.
        if (Text(parts[0], "checksum")?.Trim('"') != digest) throw SapiProblem.Bad("what was uploaded did not come whole: ask again");
    }

    private DepartureForm SubmissionForm(string upload) => new("sapi-ref", ImmutableDictionary.CreateRange(new Dictionary<string, DepartureValue>
    {
        ["[].solver.name"] = DepartureValue.Word(solver),
        ["[].data.format"] = DepartureValue.Word("ref"),
        ["[].data.data"] = DepartureValue.Word(upload),
        ["[].type"] = DepartureValue.Word("bqm"),
        ["[].params.time_limit"] = new DepartureValue.Number(),
    }))
    { HoldsModel = false };

    private Description Describe(JsonElement root, ServiceText told)
    {
        if (root.GetProperty("identity").GetProperty("name").GetString() != solver) throw SapiProblem.Bad("it tells of another solver than was asked for");
        if (root.TryGetProperty("status", out var status) && status.GetString() is not ("ONLINE" or null))
            throw new RemoteSolverException(RemoteFailure.Failed, $"solver {solver} is {told.Of(status)}: ask later, or choose another");
        var properties = root.GetProperty("properties");
        if (!properties.GetProperty("supported_problem_types").EnumerateArray().Any(t => t.GetString() == "bqm")) throw Unsuitable($"solver {solver} takes no binary quadratic models by upload: choose another, or kind = dwave for one with a graph");
        var limits = properties.GetProperty("minimum_time_limit").EnumerateArray().Select(l => l.GetArrayLength() == 2 ? (Variables: l[0].GetDouble(), Seconds: l[1].GetDouble()) : throw SapiProblem.Bad("its least times are no pairs")).ToImmutableArray();
        if (limits.Any(l => !(l.Seconds is >= 0 and <= 86_400)) || limits.Zip(limits.Skip(1)).Any(p => p.Second.Variables <= p.First.Variables)) throw SapiProblem.Bad("its least times make no sense");
        var hours = properties.TryGetProperty("maximum_time_limit_hrs", out var longest) ? longest.GetDouble() : 24;
        var most = properties.TryGetProperty("maximum_number_of_variables", out var variables) ? variables.GetDouble() : int.MaxValue;
        if (hours is not (> 0 and <= 10_000) || most is not (> 0 and <= int.MaxValue)) throw SapiProblem.Bad("its limits make no sense");
        return new Description(limits, TimeSpan.FromHours(hours), (int)most);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

#pragma warning disable CA5351 // The service's checksum of a transfer; nothing rests on its strength.
    private static byte[] Md5Of(byte[] bytes) => System.Security.Cryptography.MD5.HashData(bytes);
#pragma warning restore CA5351

    private static string? Text(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RemoteSolverException Unsuitable(string message) => new(RemoteFailure.Unsuitable, message);
}
