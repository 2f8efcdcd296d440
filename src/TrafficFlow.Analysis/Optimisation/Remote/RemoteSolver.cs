using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// A solver elsewhere. The model leaves through the gate, once; the answer is checked value by value, and all energies are computed anew. What comes after the time allowed is not read, and
/// the job is cancelled. Neither seeded nor repeatable: that is the service's.
/// </summary>
public sealed class RemoteSolver : ISolver, IDisposable
{
    /// <summary>What a timer can count.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    private readonly DepartureGate _gate;
    private readonly RemoteSettings _settings;
    private readonly TimeProvider _time;
    private readonly IAnnealerProtocol _protocol;
    private readonly ServiceConnection _connection;
    private readonly HttpClient _http;

    private RemoteSolver(DepartureGate gate, RemoteSettings settings, HttpMessageHandler? handler, TimeProvider? time, IAnnealerProtocol protocol, string header, string scheme)
    {
        DepartureGate.CheckDestination(settings.Address);
        foreach (var wait in (TimeSpan[])[settings.RequestTimeout, settings.TotalTimeout, settings.SearchTime])
        {
            if (wait <= TimeSpan.Zero || wait > Longest) throw new ArgumentException($"a solver is waited for between 0 and {Longest.TotalDays} days, not {wait.TotalSeconds} s");
        }

        (_gate, _settings, _time, _protocol) = (gate, settings, time ?? TimeProvider.System, protocol);
        _http = ServiceConnection.CreateClient(handler);
        _connection = new ServiceConnection(_http, settings, header, scheme, _time);
    }

    public void Dispose() => _http.Dispose();

    public string Name => _protocol.Name;

    /// <summary>A quantum annealer or another structured solver of D-Wave, over SAPI.</summary>
    /// <param name="solver">Its name, such as Advantage_system4.1.</param>
    public static RemoteSolver DWave(DepartureGate gate, RemoteSettings settings, string solver, TimeProvider? time = null) =>
        new(gate, settings, null, time, new SapiProtocol(solver), "X-Auth-Token", "");

    /// <summary>A hybrid solver of D-Wave for binary quadratic models of any graph, over SAPI.</summary>
    /// <param name="solver">Its name, such as hybrid_binary_quadratic_model_version2.</param>
    public static RemoteSolver DWaveHybrid(DepartureGate gate, RemoteSettings settings, string solver, TimeProvider? time = null) =>
        new(gate, settings, null, time, new SapiHybridProtocol(solver), "X-Auth-Token", "");

    /// <summary>Fixstars Amplify Annealing Engine, or a service with the same interface (POST solve).</summary>
    public static RemoteSolver Amplify(DepartureGate gate, RemoteSettings settings, TimeProvider? time = null) =>
        new(gate, settings, null, time, new AmplifyProtocol(), "Authorization", "Bearer");

    /// <summary>Any solver that speaks the small protocol of <see cref="GenericProtocol"/>.</summary>
    public static RemoteSolver Generic(DepartureGate gate, RemoteSettings settings, TimeProvider? time = null) =>
        new(gate, settings, null, time, new GenericProtocol(), "Authorization", "Bearer");

    /// <summary>For tests of what no server can be made to do: a connection that is none. Whoever else could choose the handler could have it follow redirects with the token.</summary>
    internal static RemoteSolver GenericOver(HttpMessageHandler handler, DepartureGate gate, RemoteSettings settings) =>
        new(gate, settings, handler, null, new GenericProtocol(), "Authorization", "Bearer");

    /// <exception cref="RemoteSolverException">There is no usable answer.</exception>
    /// <exception cref="DepartureRefusedException">The model may not leave.</exception>
    public async Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        if (model.VariableCount == 0) throw new RemoteSolverException(RemoteFailure.Unsuitable, "a model of no variables is not worth sending");
        var began = _time.GetTimestamp();
        var allowed = settings.TimeLimit is { } limit && limit < _settings.TotalTimeout ? limit : _settings.TotalTimeout;
        using var timeout = new CancellationTokenSource(allowed, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await Contract(_protocol.PrepareAsync(_connection, either.Token)).ConfigureAwait(false);
            var sent = model.ChangeVartype(_protocol.Vartype ?? model.Vartype);
            var departure = await _gate.PassAsync(
                sent, _protocol.Form, numbers => _protocol.Write(numbers, settings), _settings.Address, _settings.Principal, either.Token).ConfigureAwait(false);
            void OnQueue(int? position) => progress?.Report(new SolverProgress(Name, 0, 0, double.PositiveInfinity, _time.GetElapsedTime(began), position));
            Task<Departure> Further(DepartureForm form, byte[] bytes) => _gate.PassAsync(sent, form, _ => bytes, _settings.Address, _settings.Principal, either.Token);
            var run = _protocol.RunAsync(_connection, departure, NumericModel.Of(sent), Further, OnQueue, either.Token);
            await Contract(run).ConfigureAwait(false);
            var (job, answer) = await run.ConfigureAwait(false);
            return Check(model, sent.Vartype, job, answer, departure.Record, settings, _time.GetElapsedTime(began));
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RemoteSolverException(RemoteFailure.Late, $"{_settings.Address.Authority} gave no answer within {allowed.TotalSeconds} s; the job is cancelled: allow more time, or ask when the queue is shorter", e);
        }
    }

    /// <summary>What a protocol stumbles over in an answer, such as half a surrogate pair in a text, is an answer of no use and nothing else.</summary>
    private async Task Contract(Task answering)
    {
        try
        {
            await answering.ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw Bad($"it cannot be read ({_connection.Text.Of(e)})");
        }
    }

    private SolverResult Check(BinaryQuadraticModel model, Vartype answered, string job, JobAnswer answer, DepartureRecord sent, SolverSettings settings, TimeSpan elapsed)
    {
        if (answer.Samples.Count == 0) throw Bad("it holds no sample");
        if (answer.Energies.Count != 0 && answer.Energies.Count != answer.Samples.Count) throw Bad($"it tells {answer.Energies.Count} energies of {answer.Samples.Count} samples");
        var tolerance = 1e-6 * (1 + Math.Abs(model.Offset) + model.Linear.ToArray().Sum(Math.Abs) + model.Couplings().Sum(c => Math.Abs(c.Bias)));
        var (wrong, largest) = (0, 0.0);
        sbyte[]? best = null;
        var bestIs = (Violated: int.MaxValue, Energy: double.PositiveInfinity);
        var samples = new List<ServiceSample>(answer.Samples.Count);
        for (var s = 0; s < answer.Samples.Count; s++)
        {
            var sample = Translate(answer.Samples[s], answered, model);
            var energy = model.Energy(sample);
            if (answer.Energies.Count > 0 && !(Math.Abs(answer.Energies[s] - energy) <= tolerance))
            {
                wrong++;
                largest = Math.Max(largest, double.IsFinite(answer.Energies[s]) ? Math.Abs(answer.Energies[s] - energy) : double.PositiveInfinity);
            }

            var violated = model.ViolatedGroups(sample);
            samples.Add(new ServiceSample(energy, violated == 0, answer.Occurrences?[s]));
            if (violated > bestIs.Violated || (violated == bestIs.Violated && energy >= bestIs.Energy)) continue;
            (best, bestIs) = (sample, (violated, energy));
        }

        var bound = Math.Max(settings.LowerBound ?? double.NegativeInfinity, LowerBounds.Elementary(model));
        var cost = answer.Charged is { } charged && _settings.PricePerSecond is { } price ? (decimal)charged.TotalSeconds * price : (decimal?)null;
        return SolverResult.Of(Name, model, best, bound, StopReason.Completed, elapsed, answer.Occurrences?.Sum() ?? answer.Samples.Count, 0) with
        {
            Service = new ServiceRun(sent.Destination, job, [.. samples.OrderBy(s => s.Energy)], wrong, largest, answer.Charged, cost, sent.Bytes),
        };
    }

    private static sbyte[] Translate(sbyte[] sample, Vartype from, BinaryQuadraticModel model)
    {
        if (sample.Length != model.VariableCount) throw Bad($"a sample has {sample.Length} values, and the model {model.VariableCount} variables");
        var translated = new sbyte[sample.Length];
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] != 1 && sample[i] != from.Low()) throw Bad($"a sample has the value {sample[i]}, and {from.Low()} or 1 is expected");
            translated[i] = sample[i] == 1 ? (sbyte)1 : model.Vartype.Low();
        }

        return translated;
    }

    private static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
