using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Wire.Authorization;

/// <summary>Decides who may do what. Asked once for each command, on the node that carries it out.</summary>
public interface ICommandAuthorization
{
    /// <param name="target">What the command is for: a site, or this node.</param>
    /// <returns>Null where it is allowed; otherwise why not, and what to do.</returns>
    CommandFailed? Refuse(Principal principal, OperatorCommand command, string target);
}

/// <summary>
/// Everybody who reaches a node may do everything: the socket's file permissions and the cluster's certificates decide who that is. Accounts
/// will replace it.
/// </summary>
public sealed class AllowAllUntilThereAreAccounts : ICommandAuthorization
{
    public static readonly AllowAllUntilThereAreAccounts Instance = new();

    public CommandFailed? Refuse(Principal principal, OperatorCommand command, string target) => null;
}
