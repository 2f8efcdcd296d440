using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Roadside.Operations;

/// <summary>What an operator may ask of the cameras of an actor system, and of their outboxes.</summary>
public sealed class CameraOperations(ActorSystem system, OperatorTimeouts? timeouts = null) : IOperations
{
    private static readonly CommandFailed NoCameras = new("this node has no cameras", "ask a node with the role roadside");

    private static readonly CommandFailed CamerasBusy = new("the cameras do not answer", "look into the node's log, and at the load of the machine; then try again");

    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command switch
    {
        ListCameras => ListCamerasAsync(),
        ShowCamera show => ShowAsync(show),
        RestartOneCamera restart => RestartAsync(restart),
        AcceptOneScene accept => AcceptAsync(accept),
        ShowOutboxes show => ShowAsync(show),
        PeekIntoOutbox peek => PeekAsync(peek),
        _ => null,
    };

    private ActorRefWithCell? Cameras => CameraActors.In(system);

    private IEnumerable<(string Camera, IActorRef Ref)> Outboxes() => Cameras is { } cameras ? CameraActors.OutboxesOf(cameras) : [];

    private async Task<OperatorReply> ListCamerasAsync()
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskWithTimeout.AskAsync<CameraStatuses>(cameras, GetCameras.Instance, _timeouts.Local) is { } all
            ? new InspectionTables(CameraTables.List(all.Cameras))
            : CamerasBusy;
    }

    private async Task<OperatorReply> ShowAsync(ShowCamera command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        switch (await AskWithTimeout.AskAsync<object>(cameras, new GetCameraStatus(command.Camera), _timeouts.Local))
        {
            case CameraStatus status:
                var outbox = Outboxes().FirstOrDefault(o => o.Camera == command.Camera.Value);
                var stored = outbox.Ref is null ? null : await AskWithTimeout.AskAsync<OutboxStatus>(outbox.Ref, GetOutboxStatus.Instance, _timeouts.Local);
                return new InspectionTables(CameraTables.Show(status), CameraTables.Outboxes([(command.Camera.Value, stored)]));
            case UnknownCamera unknown:
                return Unknown(unknown.Camera, unknown.Known);
            default:
                return CamerasBusy;
        }
    }

    private async Task<OperatorReply> RestartAsync(RestartOneCamera command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskWithTimeout.AskAsync<object>(cameras, new RestartCamera(command.Camera), _timeouts.Restart) switch
        {
            CameraRestarted restarted => new InspectionTables(CameraTables.Restarted(restarted.Camera.Value)),
            UnknownCamera unknown => Unknown(unknown.Camera, unknown.Known),
            _ => new CommandFailed(
                $"camera {command.Camera} has not stopped within {_timeouts.Restart.TotalSeconds:0} s",
                "it starts again when it has; if it never does, a detector or driver hangs: restart the node"),
        };
    }

    private async Task<OperatorReply> AcceptAsync(AcceptOneScene command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskWithTimeout.AskAsync<object>(cameras, new AcceptScene(command.Camera), _timeouts.Local) switch
        {
            SceneAccepted accepted => new InspectionTables(CameraTables.Accepted(accepted.Camera.Value)),
            NoScene none => new CommandFailed($"{none.Camera} has no scene to accept: {none.Reason}", none.Remedy),
            UnknownCamera unknown => Unknown(unknown.Camera, unknown.Known),
            _ => CamerasBusy,
        };
    }

    private async Task<OperatorReply> ShowAsync(ShowOutboxes command)
    {
        if (Cameras is null) return NoCameras;
        var outboxes = Outboxes().ToList();
        var wanted = outboxes.Where(o => command.Camera is not { } camera || o.Camera == camera.Value).ToList();
        if (wanted.Count == 0 && command.Camera is { } unknown) return Unknown(unknown, outboxes.Select(o => new CameraId(o.Camera)));
        return new InspectionTables(CameraTables.Outboxes(await Task.WhenAll(wanted.Select(async o =>
            (o.Camera, await AskWithTimeout.AskAsync<OutboxStatus>(o.Ref, GetOutboxStatus.Instance, _timeouts.Local))))));
    }

    private async Task<OperatorReply> PeekAsync(PeekIntoOutbox command)
    {
        if (Cameras is null) return NoCameras;
        var outboxes = Outboxes().ToList();
        var outbox = outboxes.FirstOrDefault(o => o.Camera == command.Camera.Value);
        if (outbox.Ref is null) return Unknown(command.Camera, outboxes.Select(o => new CameraId(o.Camera)));
        return await AskWithTimeout.AskAsync<OutboxContents>(outbox.Ref, new PeekOutbox(command.Count), _timeouts.Local) is { } contents
            ? OutboxPeekTables.Of(contents, TimeProvider.System.GetUtcNow())
            : new CommandFailed($"the outbox of {command.Camera} does not answer: its journal is being read, or failed", $"see camera show {command.Camera}, and whether the disk is full");
    }

    private static CommandFailed Unknown(CameraId camera, IEnumerable<CameraId> known) =>
        new($"there is no camera {camera}", $"this node has {string.Join(", ", known.Select(k => k.Value))}");
}
