namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>How one kind of service is spoken to. <see cref="RemoteSolver"/> asks in this order: prepare, write through the gate, run.</summary>
internal interface IAnnealerProtocol
{
    string Name { get; }

    /// <summary>The vartype in which the service takes models; null: either.</summary>
    Vartype? Vartype { get; }

    /// <summary>What its request holds; known once it is prepared.</summary>
    DepartureForm Form { get; }

    /// <summary>Asks the service what it is, where that is needed to write to it. Nothing of the model is known yet.</summary>
    Task PrepareAsync(ServiceConnection connection, CancellationToken cancellation);

    /// <exception cref="RemoteSolverException">The service cannot take such a model.</exception>
    byte[] Write(NumericModel model, SolverSettings settings);

    /// <param name="further">For services that are told of a model in several requests.</param>
    /// <param name="onQueue">Told the number of jobs before this one; null once it runs.</param>
    /// <returns>The service's name of the job, and what it answered.</returns>
    /// <exception cref="RemoteSolverException">There is no usable answer.</exception>
    Task<(string Job, JobAnswer Answer)> RunAsync(
        ServiceConnection connection, Departure departure, NumericModel model, FurtherDepartures further, Action<int?> onQueue, CancellationToken cancellation);
}

/// <summary>Another request about the same model, through the same gate.</summary>
internal delegate Task<Departure> FurtherDepartures(DepartureForm form, byte[] bytes);
