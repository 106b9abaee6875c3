namespace Denoise.Networks.Checkpoints;

/// <summary>How a checkpoint holds its network.</summary>
public enum CheckpointKind
{
    /// <summary>Our own: weights in <c>state_dict</c> beside a <c>config</c> of plain values.</summary>
    Native,

    /// <summary>Weights only, as of <c>torch.save(model.state_dict())</c>.</summary>
    StateDict,

    /// <summary>Weights under <c>model_state_dict</c> (or a like name) beside the state of the optimizer.</summary>
    TrainingCheckpoint,

    /// <summary>A pickled Python module, as of <c>torch.save(model)</c>.</summary>
    WholeModule,
}
