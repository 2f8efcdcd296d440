using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;
using ArchLoader = ArchUnitNET.Loader.ArchLoader;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>What may leave for a solver elsewhere: numbers without names, in a form that says of each value what it may be, and nothing of any other type of the product.</summary>
public sealed class DepartureGateTests : IDepartureLog
{
    private static readonly Uri Elsewhere = new("https://solver.example/sapi/v2/");

    private static readonly Assembly[] Product =
    [
        typeof(TrafficFlow.Core.Frames.AnonymizedFrame).Assembly, typeof(BinaryQuadraticModel).Assembly, typeof(TrafficFlow.Vision.Ffmpeg.FfmpegFrameReader).Assembly,
        typeof(Simulation.JunctionSimulation).Assembly, typeof(TrafficFlow.Synthetic.FrameReaderFactory).Assembly, typeof(TrafficFlow.Wire.Serialization.IWireMessage).Assembly,
        typeof(TrafficFlow.Roadside.Cameras.CameraSettings).Assembly, typeof(TrafficFlow.Server.ServerHosting).Assembly, typeof(TrafficFlow.Vault.Accounts.AccountStore).Assembly,
        typeof(TrafficFlow.Web.WebServer).Assembly, typeof(TrafficFlow.Client.TrafficFlowClient).Assembly, Assembly.Load("trafficflow"),
    ];

    private static readonly DepartureForm Form = new("test", ImmutableDictionary.CreateRange(new Dictionary<string, DepartureValue>
    {
        ["biases[]"] = new DepartureValue.Number(),
        ["packed"] = new DepartureValue.Doubles(),
        ["kind"] = DepartureValue.Word("qubo"),
        ["isSorted"] = new DepartureValue.Truth(),
    }));

    private readonly List<DepartureRecord> _departed = [];
    private readonly List<RefusedDeparture> _refused = [];

    Task IDepartureLog.RecordAsync(DepartureRecord record, CancellationToken cancellation)
    {
        _departed.Add(record);
        return Task.CompletedTask;
    }

    Task IDepartureLog.RecordRefusedAsync(RefusedDeparture refused, CancellationToken cancellation)
    {
        _refused.Add(refused);
        return Task.CompletedTask;
    }

    /// <summary>Every type of every project, also those that are nobody's business outside: nested, private, generic ones closed with texts.</summary>
    [Fact]
    public async Task Of_all_types_of_the_product_only_a_problems_model_leaves()
    {
        var left = new List<string>();
        var tried = 0;
        foreach (var type in Product.SelectMany(a => a.GetTypes()).Select(Closed).OfType<Type>())
        {
            if (type.IsAbstract || type.IsByRefLike || type.IsPointer || type.IsSubclassOf(typeof(Delegate)) || type.IsSubclassOf(typeof(AggregateModel))) continue;
            tried++;
            try
            {
                // Empty as it is: the gate goes by the type before it looks at anything.
                var candidate = RuntimeHelpers.GetUninitializedObject(type);
                GC.SuppressFinalize(candidate);
                await PassAsync(candidate, "{}");
                left.Add(type.FullName!);
            }
            catch (DepartureRefusedException e)
            {
                Assert.StartsWith(type.Name, e.Message, StringComparison.Ordinal);
                Assert.Equal((type.Name, "planner"), (_refused[^1].Type, _refused[^1].Principal));
            }
            catch (TypeInitializationException)
            {
                // Not made without what it needs: no object that could leave.
                tried--;
            }
        }

        Assert.Empty(left);
        Assert.True(tried > 1000, $"{tried} types only");
        Assert.Empty(_departed);
        Assert.Equal(tried, _refused.Count);
    }

    [Fact]
    public void All_projects_are_sent_through_the_gate() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Settings.SharedFiles.Repository, "src"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f).Replace("TrafficFlow.Node", "trafficflow", StringComparison.Ordinal)).Order(),
        Product.Select(a => a.GetName().Name!).Order());

    /// <summary>A model that somebody put together, or read from a file, is of no known source: it may be solved here and nowhere else.</summary>
    [Fact]
    public async Task A_model_that_no_problem_has_built_does_not_leave_in_any_form()
    {
        var model = new QuadraticModelBuilder(Vartype.Binary).AddLinear(VariableLabel.Of(1), 1).Build();
        foreach (var form in (BinaryQuadraticModel[])[model, model.ChangeVartype(Vartype.Spin), model.WithoutLabels()])
        {
            Assert.Contains("built of aggregates", (await Assert.ThrowsAsync<DepartureRefusedException>(() => PassAsync(form, "{}"))).Message, StringComparison.Ordinal);
        }

        // A problem's model keeps its source in every form.
        Assert.All((BinaryQuadraticModel[])[RemoteRun.Model, RemoteRun.Model.ChangeVartype(Vartype.Spin), RemoteRun.Model.WithoutLabels()], m => Assert.IsAssignableFrom<AggregateModel>(m));
    }

    /// <summary>Where a model comes from is in its type: one class of the program makes them, for classes of problems whose constructors take aggregates and nothing else.</summary>
    [Fact]
    public void Models_that_leave_are_made_by_problems_that_know_aggregates_alone()
    {
        var types = Product.SelectMany(a => a.GetTypes()).ToList();
        var made = Assert.Single(types, t => t.IsSubclassOf(typeof(AggregateModel)));
        Assert.Equal((typeof(AggregateProblem), true), (made.DeclaringType, made.IsNestedPrivate));
        Assert.All(typeof(AggregateProblem).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public), c => Assert.True(c.IsFamilyAndAssembly));
        var problems = types.Where(t => t.IsSubclassOf(typeof(AggregateProblem))).ToList();
        Assert.Equal(["GreenSplitProblem", "OffsetProblem"], problems.Select(t => t.Name).Order());

        // All that can be reached from what they are made of, down to numbers and names.
        var known = new HashSet<Type>();
        foreach (var parameter in problems.SelectMany(p => p.GetConstructors()).SelectMany(c => c.GetParameters())) Reach(parameter.ParameterType, known);
        string[] allowed =
        [
            "Corridor", "CorridorJunction", "CorridorLink", "CorridorRules", "LinkFeed", "PlatoonDispersion", "GroupDemand", "LaneGroup", "TimingRules", "TimingPlan", "SignalGroup", "SignalStage", "ApproachId", "Movement",
            "SplitStage", "StagePair",
        ];
        Assert.Equal(allowed.Order(), known.Where(t => t.Namespace!.StartsWith("TrafficFlow", StringComparison.Ordinal)).Select(t => t.Name).Order());
        Type[] plain = [typeof(string), typeof(double), typeof(int), typeof(bool), typeof(TimeSpan)];
        Assert.Empty(known.Where(t => !t.Namespace!.StartsWith("TrafficFlow", StringComparison.Ordinal)).Except(plain));
    }

    /// <summary>What is in the audit is what left: the fields of each form, and no other.</summary>
    [Fact]
    public async Task The_audit_tells_which_fields_left()
    {
        await using var server = new ContractServer(r =>
            r.Line.Contains("/solvers/", StringComparison.Ordinal)
                ? new ContractServer.Reply(200, """{"identity":{"name":"s","version":{"graph_id":"g"}},"properties":{"qubits":[0,1],"couplers":[[0,1]],"supported_problem_types":["qubo"],"num_reads_range":[1,9]}}""", "")
                : new ContractServer.Reply(500, "{}"));
        var run = new RemoteRun(server);
        foreach (var solver in (RemoteSolver[])[run.DWave("s"), run.Amplify(), run.Generic()]) await RemoteRun.FailAsync(solver);

        var fields = run.Departures.ToDictionary(d => d.Kind, d => string.Join(' ', d.Fields));
        Assert.Equal("[].data.format [].data.lin [].data.quad [].params.num_reads [].solver.name [].solver.version.graph_id [].type", fields["sapi-qp"]);
        Assert.Equal("constant outputs.duplicate outputs.energies outputs.num_outputs outputs.sort outputs.spins polynomial[][] timeout", fields["amplify-polynomial"]);
        Assert.Equal("couplings[][] format linear[] offset reads time_ms vartype", fields["bqm-1"]);
        foreach (var departed in run.Departures)
        {
            var request = Assert.Single(server.Requests, r => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(r.Body)) == departed.Sha256);
            Assert.Equal(departed.Bytes, request.Body.Length);
            Assert.Equal(departed.Fields.Order(StringComparer.Ordinal), Fields(JsonDocument.Parse(request.Body).RootElement, "").Distinct().Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Fields(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Fields(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Fields(e, path + "[]")),
        _ => [path],
    };

    private static void Reach(Type type, HashSet<Type> known)
    {
        if (type.IsGenericType)
        {
            // Lists, dictionaries and functions are what they hold.
            foreach (var argument in type.GetGenericArguments()) Reach(argument, known);
            return;
        }

        if (!known.Add(type) || !type.Namespace!.StartsWith("TrafficFlow", StringComparison.Ordinal)) return;
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)) Reach(field.FieldType, known);
    }

    /// <returns>Null for a generic type that takes no texts.</returns>
    private static Type? Closed(Type type)
    {
        if (!type.ContainsGenericParameters) return type;
        try
        {
            return type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(string))]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData("a text")]
    [InlineData(7)]
    [InlineData(null)]
    public async Task Nothing_else_leaves_either(object? candidate)
    {
        await Assert.ThrowsAsync<DepartureRefusedException>(() => PassAsync(candidate, "{}"));
        Assert.Empty(_departed);
    }

    [Fact]
    public async Task The_model_leaves_without_its_names_in_all_forms()
    {
        await using var server = new ContractServer(r =>
            r.Line.Contains("/solvers/", StringComparison.Ordinal)
                ? new ContractServer.Reply(200, """{"identity":{"name":"s"},"properties":{"qubits":[0,1],"couplers":[[0,1]],"supported_problem_types":["qubo"],"num_reads_range":[1,9]}}""", "")
                : new ContractServer.Reply(500, "{}"));
        var run = new RemoteRun(server);
        foreach (var solver in (RemoteSolver[])[run.DWave("s"), run.Amplify(), run.Generic()]) await RemoteRun.FailAsync(solver);

        Assert.Equal(3, run.Departures.Count);
        var all = string.Concat(server.Requests.Select(r => r.Text));
        string[] names = ["産業道路", "\\u7523", "北", "2026", "08:00", "Suzuki", "planner", "city"];
        Assert.DoesNotContain(names, name => all.Contains(name, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_a_form_allows_leaves_as_the_exact_bytes()
    {
        const string json = """{"biases":[1,-2.5e-3],"packed":"AAAAAAAA8D8AAAAAAAD4fw==","kind":"qubo","isSorted":true}""";
        var departure = await PassAsync(RemoteRun.Model, json);

        Assert.Equal(json, Encoding.UTF8.GetString(departure.Bytes.Span));
        Assert.Equal(departure.Record, Assert.Single(_departed));
    }

    [Theory]
    [InlineData("""{"label":"Kokandori-Monday-8:00"}""", "a place that test does not have")]
    [InlineData("""{"biases":[1],"biases2":[1]}""", "a place that test does not have")]
    // Names of leaves that hold nothing are looked at too.
    [InlineData("""{"biases":[1],"Suzuki-2026":{}}""", "a place that test does not have")]
    [InlineData("""{"biases":[1],"Suzuki-2026":[]}""", "a place that test does not have")]
    [InlineData("""{"biases":{"Suzuki":{}}}""", "a place that test does not have")]
    [InlineData("""{"biases":{}}""", "a place that test does not have")]
    [InlineData("""{"biases":[[]]}""", "a place that test does not have")]
    [InlineData("""{"":{}}""", "a place that test does not have")]
    [InlineData("""{"":{"":{"biases":[1]}}}""", "a place that test does not have")]
    [InlineData("""{"biases[]":1}""", "a place that test does not have")]
    [InlineData("[]", "a place that test does not have")]
    [InlineData("""{"Suzuki":{}}""", "a place that test does not have")]
    [InlineData("""{"Suzuki":[]}""", "a place that test does not have")]
    [InlineData("""{"kind":{"Suzuki":[]}}""", "a place that test does not have")]
    [InlineData("""{"biases":[{"Suzuki":[]}]}""", "a place that test does not have")]
    [InlineData("""{"biases":[0.83117122117107831171221171078]}""", "biases[] of test")]
    [InlineData("""{"kind": "qubo"}""", "white space")]
    [InlineData("""{"biases":["1"]}""", "biases[] of test")]
    [InlineData("""{"biases":[[1]]}""", "a place that test does not have")]
    [InlineData("""{"biases":[null]}""", "biases[] of test")]
    [InlineData("""{"biases":[1e999]}""", "biases[] of test")]
    [InlineData("""{"kind":"Suzuki"}""", "kind of test")]
    [InlineData("""{"kind":1}""", "kind of test")]
    [InlineData("""{"isSorted":"yes"}""", "isSorted of test")]
    // Eight bytes of text are a double too, but not a finite one if they begin so; others are numbers and are what is allowed.
    [InlineData("""{"packed":"U3V6dWtp"}""", "packed of test")]
    [InlineData("""{"packed":"c3V6dWtp+H8="}""", "packed of test")]
    [InlineData("""{"packed":"not-base64"}""", "packed of test")]
    [InlineData("""{"kind":"qubo","kind":"qubo"}""", "no JSON that can be inspected")]
    [InlineData("""{"kind":"qubo"} // Suzuki""", "no JSON that can be inspected")]
    [InlineData("\"Suzuki\"", "a place that test does not have")]
    public async Task What_a_form_does_not_allow_does_not_leave_and_is_not_repeated(string json, string expected)
    {
        var error = await Assert.ThrowsAsync<DepartureRefusedException>(() => PassAsync(RemoteRun.Model, json));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Suzuki", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Kokandori", error.Message, StringComparison.Ordinal);
        Assert.Empty(_departed);
    }

    [Theory]
    [InlineData("http://solver.example/", "https:// only")]
    [InlineData("http://192.168.1.7/", "https:// only")]
    [InlineData("ftp://solver.example/", "https://")]
    [InlineData("https://user:secret@solver.example/", "no user or password")]
    [InlineData("https://solver.example/?site=kokandori", "no ? and no #")]
    [InlineData("https://solver.example/#kokandori", "no ? and no #")]
    public void An_address_that_is_open_or_carries_data_is_refused(string address, string expected)
    {
        var error = Assert.Throws<DepartureRefusedException>(() => RemoteSolver.Generic(new DepartureGate(this), new RemoteSettings(new Uri(address), null, "planner")));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sends_without_a_name()
    {
        var gate = new DepartureGate(this);
        await Assert.ThrowsAsync<DepartureRefusedException>(() => gate.PassAsync(RemoteRun.Model, Form, _ => "{}"u8.ToArray(), Elsewhere, " ", TestContext.Current.CancellationToken));
    }

    /// <summary>Content of a request is a departure, and departures come from the gate: no other type of the project writes to a socket.</summary>
    [Fact]
    public void Only_departures_are_content()
    {
        var types = new ArchLoader().LoadAssemblies(typeof(BinaryQuadraticModel).Assembly).Build().Types.ToList();
        string[] contents = ["ByteArrayContent", "StringContent", "JsonContent", "StreamContent", "MultipartContent", "MultipartFormDataContent", "FormUrlEncodedContent", "ReadOnlyMemoryContent"];
        string[] sockets = ["Socket", "TcpClient", "WebClient", "WebRequest", "ClientWebSocket", "HttpWebRequest", "UdpClient"];
        List<string> Knowing(string[] names) => [.. types.Where(t => t.Dependencies.Any(d => names.Contains(d.Target.Name))).Select(t => t.Name).Distinct()];
        List<string> Sending() => [.. types.Where(t => t.Dependencies.Any(d => d.Target.Name == "HttpClient")).Select(t => t.Name.Split('/', '+', '<')[0]).Distinct().Order()];

        Assert.Equal(["Departure"], Knowing(contents));
        Assert.Empty(Knowing(sockets));
        Assert.Contains("ServiceConnection", Sending());
        var departures = typeof(Departure).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Departure)));
        Assert.Equal((typeof(DepartureGate), true), (Assert.Single(departures).DeclaringType, Assert.Single(departures).IsNestedPrivate));
        Assert.True(typeof(Departure).IsAbstract);
    }

    /// <summary>Who could hand a client over could hand over one that follows redirects, asks proxies or keeps cookies.</summary>
    [Fact]
    public void Nobody_outside_brings_a_client_of_their_own()
    {
        var outside = typeof(BinaryQuadraticModel).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Cast<MethodBase>().Concat(t.GetConstructors()))
            .SelectMany(m => m.GetParameters())
            .Where(p => typeof(HttpMessageInvoker).IsAssignableFrom(p.ParameterType) || typeof(HttpMessageHandler).IsAssignableFrom(p.ParameterType));

        Assert.Empty(outside.Select(p => p.Member.ToString()));
    }

    [Fact]
    public void A_credential_is_in_no_text_and_no_JSON()
    {
        var credential = new SolverCredential("DEV-secret");
        var settings = new RemoteSettings(Elsewhere, credential, "planner");

        Assert.Equal("(secret)", credential.ToString());
        Assert.DoesNotContain("DEV", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("DEV", JsonSerializer.Serialize(settings), StringComparison.Ordinal);
        Assert.DoesNotContain("with space", Assert.Throws<ArgumentException>(() => new SolverCredential("with space")).Message, StringComparison.Ordinal);
    }

    private Task<Departure> PassAsync(object? candidate, string json) =>
        new DepartureGate(this).PassAsync(candidate, Form, _ => Encoding.UTF8.GetBytes(json), Elsewhere, "planner", TestContext.Current.CancellationToken);
}
