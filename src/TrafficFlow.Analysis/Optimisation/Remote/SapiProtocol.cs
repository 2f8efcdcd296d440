using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// D-Wave's Solver API, version 3 of its answers, as dwave-cloud-client speaks it: GET solvers/remote/NAME for the graph, POST problems/ with a list of one, GET problems/ID with growing
/// pauses, GET problems/ID/answer where the answer is not in it, DELETE problems/ID to cancel.
/// </summary>
internal sealed class SapiProtocol(string solver) : IAnnealerProtocol
{
    private const string Media = "application/vnd.dwave.sapi.";

    private Description? _described;

    /// <param name="GraphId">Null for solvers that have no version.</param>
    private sealed record Description(string Name, string? GraphId, SapiCodec.Graph Graph, ImmutableHashSet<string> Types, int MostReads);

    public string Name => $"D-Wave {solver}";

    public Vartype? Vartype => null;

    public DepartureForm Form => new("sapi-qp", ImmutableDictionary.CreateRange(new Dictionary<string, DepartureValue>
    {
        ["[].solver.name"] = DepartureValue.Word(Described.Name),
        ["[].solver.version.graph_id"] = new DepartureValue.Words(Described.GraphId is { } id ? [id] : []),
        ["[].data.format"] = DepartureValue.Word("qp"),
        ["[].data.lin"] = new DepartureValue.Doubles(),
        ["[].data.quad"] = new DepartureValue.Doubles(),
        ["[].type"] = DepartureValue.Word("ising", "qubo"),
        ["[].params.num_reads"] = new DepartureValue.Number(),
    }));

    private Description Described => _described ?? throw new InvalidOperationException("prepare first");

    public async Task PrepareAsync(ServiceConnection connection, CancellationToken cancellation)
    {
        if (_described is not null) return;
        using var response = await connection.SendAsync(HttpMethod.Get, $"solvers/remote/{Uri.EscapeDataString(solver)}", null, Accept("solver-definition"), cancellation).ConfigureAwait(false);
        CheckType(response, "solver-definition");
        try
        {
            _described = Describe(response.Root, connection.Text);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new RemoteSolverException(RemoteFailure.BadAnswer, $"what the service tells of solver {solver} lacks its qubits, couplers or limits: it may be no structured solver", e);
        }
    }

    public byte[] Write(NumericModel model, SolverSettings settings)
    {
        var type = model.Vartype == Optimisation.Vartype.Spin ? "ising" : "qubo";
        if (!Described.Types.Contains(type)) throw new RemoteSolverException(RemoteFailure.Unsuitable, $"solver {solver} takes no problems of type {type}: choose another");
        var (lin, quad) = SapiCodec.Encode(model, Described.Graph);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteStartObject("solver");
            json.WriteString("name", Described.Name);
            if (Described.GraphId is { } id)
            {
                json.WriteStartObject("version");
                json.WriteString("graph_id", id);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteStartObject("data");
            json.WriteString("format", "qp");
            json.WriteBase64String("lin", Convert.FromBase64String(lin));
            json.WriteBase64String("quad", Convert.FromBase64String(quad));
            json.WriteEndObject();
            json.WriteString("type", type);
            json.WriteStartObject("params");
            json.WriteNumber("num_reads", Math.Min(settings.Reads, Described.MostReads));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public async Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, Action<int?> onQueue, CancellationToken cancellation)
    {
        using var submitted = await connection.SendAsync(HttpMethod.Post, "problems/", departure, Accept("problems"), cancellation).ConfigureAwait(false);
        if (submitted.Root.ValueKind != JsonValueKind.Array || submitted.Root.GetArrayLength() != 1)
        {
            CheckType(submitted, "problems");
            throw Bad("one problem was sent, and it does not tell of one");
        }

        var id = connection.JobName(Status(submitted.Root[0], "id", connection.Text));
        var path = $"problems/{id}";
        try
        {
            CheckType(submitted, "problems");
            var isDone = IsDone(submitted.Root[0], id, onQueue, connection.Text);
            var answer = isDone ? Answer(submitted.Root[0], model) : null;
            for (var asked = 0; !isDone; asked++)
            {
                await Task.Delay(PollSchedule.Delay(asked), connection.Time, cancellation).ConfigureAwait(false);
                using var status = await connection.SendAsync(HttpMethod.Get, path, null, Accept("problem"), cancellation).ConfigureAwait(false);
                CheckType(status, "problem");
                isDone = IsDone(status.Root, id, onQueue, connection.Text);
                if (isDone) answer = Answer(status.Root, model);
            }

            if (answer is not null) return (id, answer);
            using var response = await connection.SendAsync(HttpMethod.Get, $"{path}/answer", null, Accept("problem-answer"), cancellation).ConfigureAwait(false);
            CheckType(response, "problem-answer");
            return (id, Answer(response.Root, model) ?? throw Bad("the problem is completed and has no answer"));
        }
        catch
        {
            // Whatever went wrong: nobody asks for the problem any more, and what runs may be charged.
            await connection.ForgetAsync(path, Accept("problem")).ConfigureAwait(false);
            throw;
        }
    }

    private JobAnswer? Answer(JsonElement holder, NumericModel model) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("answer", out var answer) && answer.ValueKind != JsonValueKind.Null ? SapiCodec.Decode(answer, model, Described.Graph) : null;

    private static bool IsDone(JsonElement problem, string id, Action<int?> onQueue, ServiceText told)
    {
        if (problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("error_code", out var code) && problem.TryGetProperty("error_msg", out var message))
        {
            throw new RemoteSolverException(RemoteFailure.Failed, $"the service refuses the problem ({told.Of(code)}): {told.Of(message)}");
        }

        if (Status(problem, "id", told) != id) throw Bad("it tells of another problem than was asked for");
        switch (Status(problem, "status", told))
        {
            case "PENDING":
                // SAPI tells no position.
                onQueue(null);
                return false;
            case "IN_PROGRESS":
                return false;
            case "COMPLETED":
                return true;
            case "CANCELLED":
                throw new RemoteSolverException(RemoteFailure.Cancelled, "the service says that the problem was cancelled, and not by this program: ask its operator, or send it again");
            case "FAILED":
                var why = problem.TryGetProperty("error_message", out var text) ? told.Of(text) : "without saying why";
                throw new RemoteSolverException(RemoteFailure.Failed, $"the service failed at the problem: {why}");
            default:
                throw Bad("a problem has a status that SAPI does not have");
        }
    }

    private static string? Status(JsonElement problem, string name, ServiceText told)
    {
        if (problem.ValueKind != JsonValueKind.Object) throw Bad("it tells no problem");
        if (problem.TryGetProperty("error_msg", out var message)) throw new RemoteSolverException(RemoteFailure.Failed, $"the service refuses the problem: {told.Of(message)}");
        return problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private Description Describe(JsonElement root, ServiceText told)
    {
        var identity = root.GetProperty("identity");
        var name = identity.GetProperty("name").GetString();
        if (name != solver) throw Bad("it tells of another solver than was asked for");
        var graphId = identity.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Object && version.TryGetProperty("graph_id", out var id) ? id.GetString() : null;
        if (root.TryGetProperty("status", out var status) && status.GetString() is not ("ONLINE" or null))
        {
            throw new RemoteSolverException(RemoteFailure.Failed, $"solver {solver} is {told.Of(status)}: ask later, or choose another");
        }

        if (graphId is not null && told.HoldsCredential(graphId)) throw Bad("it names its graph with the credential");
        var properties = root.GetProperty("properties");
        var graph = new SapiCodec.Graph(
            [.. properties.GetProperty("qubits").EnumerateArray().Select(q => q.GetInt32())], [.. properties.GetProperty("couplers").EnumerateArray().Select(Pair)]);
        graph.Check();
        var types = properties.GetProperty("supported_problem_types").EnumerateArray().Select(t => t.GetString()!).ToImmutableHashSet();
        var (least, most) = Pair(properties.GetProperty("num_reads_range"));
        if (least < 0 || most < Math.Max(1, least)) throw Bad("its num_reads_range is no range");
        return new Description(name, graphId, graph, types, most);
    }

    private static (int First, int Second) Pair(JsonElement list) =>
        list.GetArrayLength() == 2 ? (list[0].GetInt32(), list[1].GetInt32()) : throw Bad("what is a pair in the solver's definition has not two numbers");

    private static string Accept(string what) => $"{Media}{what}+json; version=3.0.0";

    /// <summary>As dwave-cloud-client: what says its type says the right one, and a version that is understood.</summary>
    private static void CheckType(ServiceResponse response, string what)
    {
        if (response.Type is not { } type) return;
        var version = type.Parameters.FirstOrDefault(p => p.Name == "version")?.Value?.Trim('"');
        if (type.MediaType == $"{Media}{what}+json" && version is not null && (version.StartsWith("3.", StringComparison.Ordinal) || (what == "problem-answer" && version.StartsWith("2.", StringComparison.Ordinal)))) return;
        throw Bad($"its media type is not {Media}{what}+json of version 3: this program may be too old for the service, or the address another's");
    }

    private static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
