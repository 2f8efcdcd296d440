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
        using var response = await connection.SendAsync(HttpMethod.Get, $"solvers/remote/{Uri.EscapeDataString(solver)}", null, SapiProblem.Accept("solver-definition"), cancellation).ConfigureAwait(false);
        SapiProblem.CheckType(response, "solver-definition");
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

    public Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, FurtherDepartures further, Action<int?> onQueue, CancellationToken cancellation) =>
        SapiProblem.RunAsync(connection, departure, answer => SapiCodec.Decode(answer, model, Described.Graph), onQueue, cancellation);

    private Description Describe(JsonElement root, ServiceText told)
    {
        var identity = root.GetProperty("identity");
        var name = identity.GetProperty("name").GetString();
        if (name != solver) throw SapiProblem.Bad("it tells of another solver than was asked for");
        var graphId = identity.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Object && version.TryGetProperty("graph_id", out var id) ? id.GetString() : null;
        if (root.TryGetProperty("status", out var status) && status.GetString() is not ("ONLINE" or null))
        {
            throw new RemoteSolverException(RemoteFailure.Failed, $"solver {solver} is {told.Of(status)}: ask later, or choose another");
        }

        if (graphId is not null && told.HoldsCredential(graphId)) throw SapiProblem.Bad("it names its graph with the credential");
        var properties = root.GetProperty("properties");
        var graph = new SapiCodec.Graph(
            [.. properties.GetProperty("qubits").EnumerateArray().Select(q => q.GetInt32())], [.. properties.GetProperty("couplers").EnumerateArray().Select(Pair)]);
        graph.Check();
        var types = properties.GetProperty("supported_problem_types").EnumerateArray().Select(t => t.GetString()!).ToImmutableHashSet();
        var (least, most) = Pair(properties.GetProperty("num_reads_range"));
        if (least < 0 || most < Math.Max(1, least)) throw SapiProblem.Bad("its num_reads_range is no range");
        return new Description(name, graphId, graph, types, most);
    }

    private static (int First, int Second) Pair(JsonElement list) =>
        list.GetArrayLength() == 2 ? (list[0].GetInt32(), list[1].GetInt32()) : throw SapiProblem.Bad("what is a pair in the solver's definition has not two numbers");
}
