namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>A service did not give a usable answer. The message says what it did and what to do; never a credential.</summary>
public sealed class RemoteSolverException(RemoteFailure failure, string message, Exception? cause = null) : SolverException(message, cause)
{
    public RemoteFailure Failure { get; } = failure;
}

public enum RemoteFailure
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in the time allowed; the job was cancelled.</summary>
    Late,

    /// <summary>The credential is not known, or not good for this.</summary>
    Unauthorized,

    /// <summary>The quota is used up, or the service wants to be asked more slowly than the time allows.</summary>
    Quota,

    /// <summary>The service or its operator cancelled the job.</summary>
    Cancelled,

    /// <summary>The service told an error.</summary>
    Failed,

    /// <summary>What came is no answer to what was asked.</summary>
    BadAnswer,

    /// <summary>The model does not fit the service; nothing was sent, or it said so.</summary>
    Unsuitable,
}
