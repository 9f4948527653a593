"""From the output folder to the readers: releases at a target by the difference of build.json, history, and the way back."""
